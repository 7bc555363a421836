__attribute__((constructor)) static void spill() {
  static volatile char small[1];
  for (long at = 0; at < 1L << 40; at += 4096) small[at] = 1;
}
