#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

static void must_fail(long made) {
  if (made == 0) _exit(1);  // the child
  if (made > 0) _exit(2);   // its parent: there is a new process
}

__attribute__((constructor)) static void multiply() {
  struct {
    unsigned long flags, rest[10];
  } order = {};
  must_fail(syscall(SYS_clone, 17, 0, 0, 0, 0));
  must_fail(syscall(SYS_clone, CLONE_PARENT | 17, 0, 0, 0, 0));
  must_fail(syscall(SYS_clone3, &order, sizeof order));
#if defined(SYS_fork)
  must_fail(syscall(SYS_fork));
#endif
}
