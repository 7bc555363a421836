#include "facts.h"

#if __has_include(SECRET_FILE) || __has_include("/suite/hw0/add.py")
#error it exists
#endif
#if __has_include("/etc/shadow") || __has_include("/root/.bashrc")
#error it exists
#endif
