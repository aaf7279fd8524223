#!/usr/bin/env node
// A file of the source tree, so that npm links the command when it installs a clone that is not built yet.
import '../dist/main.js'
