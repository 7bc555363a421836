// Fibers: the threads of a block, each with a stack of its own, on one thread of the host.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cuda_emulator {

// Runs a function that can be left in its middle, and resumed there.
class Fiber {
 public:
  using Body = void (*)(void *);

  Fiber() = default;
  ~Fiber();
  Fiber(const Fiber &) = delete;
  Fiber &operator=(const Fiber &) = delete;

  // Begin anew with a function; what ran before is forgotten where it stands.
  void Start(Body body, void *argument);

  // Run until the fiber leaves itself.
  void Resume();

  // Called inside: go back to whoever resumed this fiber.
  void Leave();

  [[noreturn]] void Run();  // called on its own stack, once

  bool Inside() const { return inside_now_; }  // whether it runs, and has not left

  std::uintptr_t StackBegin() const { return reinterpret_cast<std::uintptr_t>(stack_); }
  bool OnStack(std::uintptr_t address) const { return address - StackBegin() < kStack; }
  // Below the stack: where one ends up that has used all of it.
  bool InGuard(std::uintptr_t address) const {
    return StackBegin() - 1 - address < kGuard;
  }

  static constexpr std::size_t kStack = 256 << 10, kGuard = 16 << 10;

 private:
  char *stack_ = nullptr;                        // its lowest address
  void *inside_ = nullptr, *outside_ = nullptr;  // stack pointers of those who wait
  Body body_ = nullptr;
  void *argument_ = nullptr;
  bool inside_now_ = false;
};

}  // namespace cuda_emulator
