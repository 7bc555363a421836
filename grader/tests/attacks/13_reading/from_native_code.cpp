#include <fcntl.h>
#include <unistd.h>

#include "facts.h"

__attribute__((constructor)) static void read_it() {
  char text[200];
  const int file = open(SECRET_FILE, O_RDONLY);
  const auto size = file < 0 ? 0 : read(file, text, sizeof text);
  if (size > 0 && write(1, text, static_cast<std::size_t>(size)) < 0) _exit(1);
}
