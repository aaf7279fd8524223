"""A chain of two prompts of LangChain: it sums a letter up and answers it."""

from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate


def letters_chain(model):
    summarize = ChatPromptTemplate.from_messages(
        [("system", "You summarize what a customer writes in one sentence."), ("human", "{letter}")]
    )
    answer_letter = ChatPromptTemplate.from_messages(
        [("system", "You write a polite answer to a summary of a letter."), ("human", "{summary}")]
    )
    return (
        summarize
        | model
        | StrOutputParser()
        | (lambda summary: {"summary": summary})
        | answer_letter
        | model
        | StrOutputParser()
    )
