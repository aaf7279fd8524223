# Included by CMake when llama-cpp-python is compiled. What its Python bindings do not use is left out: llama.cpp's library of
# command-line helpers is about half of what there is to compile.
set(LLAMA_BUILD_COMMON OFF)
