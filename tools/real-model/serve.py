"""Serves a model with llama-cpp-python, its weights as they are in the file.

Repacking them for the processor at hand (AMX) ends the process with a segmentation fault on some virtual machines.
"""

import llama_cpp.llama_cpp as llama_cpp
from llama_cpp.server.__main__ import main

default_params = llama_cpp.llama_model_default_params


def plain_params():
    params = default_params()
    params.use_extra_bufts = False
    return params


llama_cpp.llama_model_default_params = plain_params
main()
