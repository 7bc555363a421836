#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "facts.h"

static void say(long made, const char *what) {
  if (made >= 0 && write(1, what, 20) < 0) _exit(1);
}

__attribute__((constructor)) static void call_home() {
  char room[4096] = {};
  say(syscall(SYS_io_uring_setup, 4, room), "io_uring is there   ");
  say(syscall(SYS_socket, AF_INET, SOCK_STREAM, 0), "a socket            ");
#if defined(__x86_64__)
  say(syscall(SYS_socket | 0x40000000, AF_INET, SOCK_STREAM, 0),
      "x32 is there        ");
  long made;
  __asm__ volatile("int $0x80"
                   : "=a"(made)
                   : "a"(359), "b"(AF_INET), "c"(SOCK_STREAM), "d"(0)
                   : "memory");
  say(made, "32 bits are there   ");
#else
  _exit(0);
#endif
}
