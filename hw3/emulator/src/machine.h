// The machine: it runs a launch, block by block, each thread as a fiber.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "counts.h"
#include "findings.h"
#include "memory.h"
#include "ordering.h"
#include "shape.h"
#include "thread.h"
#include "touch.h"

namespace cuda_emulator {

struct Shape {
  Index3 grid, block;
  std::size_t shared = 0;  // bytes of dynamic shared memory
};

// What each thread runs, and the memory of the host where its arguments are.
struct Body {
  void (*call)(void *) = nullptr;
  void *parameters = nullptr;
  std::size_t size = 0;
  std::vector<const void *> pointers;  // by argument; null where it is none
};

enum class Order { kForward, kReversed, kShuffled };

// What threads that were ready have come to: nobody was; all still look for what others
// write; somebody now waits or has ended.
enum class Ran { kNobody, kLooking, kMoved };

// Why a kernel is to be stopped.
enum class Halt { kNone, kInterrupted, kTooLong };

// Whether a place is in this module's code, or among what the compiler has put there.
bool InThisModule(Place place);

// The instruction that a signal has interrupted, as a place after it; 0 if unknown.
Place Interrupted(void *context);

struct ArrayType;

class Machine {
 public:
  static Machine &Get() {
    if (instance_ == nullptr) instance_ = new Machine;  // others may end after it
    return *instance_;
  }

  void Launch(const std::string &kernel, const Shape &shape, Body body);
  // What ended the last launch, as a kind of finding; empty if nothing did.
  const std::string &FailedBy() const { return failed_by_; }

  // -- called by the threads of a kernel
  bool Running() const { return current_ != nullptr; }
  Thread &Current() { return *current_; }
  const Shape &CurrentShape() const { return shape_; }
  const std::string &Kernel() const { return kernel_; }
  Index3 BlockIndex() const { return block_; }
  // Wait for all threads; return how many voted yes.
  int Barrier(Statement statement, int vote, Place place);
  int BarrierSize() const { return barrier_size_; }  // how many met there
  // Wait for all lanes of the mask, at the same operation; return what they handed in.
  const Exchange &MeetWarp(unsigned operation, unsigned mask, std::uint64_t value,
                           Place place);
  void *SharedArray(const void *key, const char *name, const ArrayType &type,
                    Place place);
  void *DynamicShared(Place place);
  void MakeFence(bool device);
  void LetOthersRun();  // a thread that waits for another's writes does this
  unsigned ActiveLanes(Place place);  // who comes by there together
  void EndLook(std::uintptr_t address, bool changed, Place place);

  // One access of the kernel's, or of the host's where none is running: see watch.h.
  template <std::size_t kSize, bool kWrite>
  void Watch(std::uintptr_t address, Place place);
  void WatchRange(std::uintptr_t address, std::size_t size, bool write, Place place);
  void WatchVolatileRead(std::uintptr_t address, std::size_t size, Place place);
  // Call before the operation, with its result after it.
  void BeginAtomic(std::uintptr_t address, std::size_t size, Place place);
  void EndAtomic(std::uintptr_t address, bool changed, Place place);

  // -- memory of the device
  Arena &Device() { return device_; }
  // A variable of the device, which lies in this module.
  void AddVariable(std::uintptr_t address, std::size_t size, Space space,
                   const char *name, std::size_t element);
  // The region at an address of the device's: of cudaMalloc, or a variable; or null.
  Region *FindOnDevice(std::uintptr_t address);

  Findings &Found() { return findings_; }
  Counter &Counts() { return counter_; }
  // End the kernel here: what follows could be anything. Does not return in a kernel.
  void Fail(Finding finding);
  Witness Here(Place place) const;
  Array Describe(const Region &region, std::uintptr_t address) const;

  // A signal has interrupted a thread; does not return.
  void Fault(int signal, std::uintptr_t address, Place place);
  // A kernel is to be stopped; some time of computing has passed: see patience.h.
  void Stop(Halt why);
  void Tick(std::uint64_t most, Place place);

  Order order = Order::kForward;
  std::uint64_t seed = 0;  // of the shuffled order

 private:
  Machine();
  void RunBlock();
  void RunBody();
  Ran RunReady();  // each thread that is ready, until it waits or ends
  std::uint64_t BlockAt(std::uint64_t ordinal, std::uint64_t blocks) const;
  void Resume(Thread &thread);
  void OpenBarrier();
  bool OpenWarps();
  bool OpenActive(std::size_t first, std::size_t lanes);
  bool HaveMet(const Thread &thread, std::size_t lanes) const;
  void LetMeet(unsigned mask, std::size_t first, std::size_t lanes);
  void ReportStuck();
  void ReportLeft();
  void ReportFault();
  void ReportHalt(Place place);
  void ReportWaiting(Place place);
  void NextInterval();
  Thread *First(State state) const;
  Witness At(const Thread &thread) const;

  bool MayBeOnDevice(std::uintptr_t address) const {
    return device_.Holds(address) ||
           address - variables_begin_ < variables_end_ - variables_begin_;
  }
  bool Owns(std::uintptr_t address, std::size_t size, bool write) const;
  bool IsConstantHere(std::uintptr_t address, std::size_t size) const;
  void CheckWord(Region &region, std::uintptr_t address, std::size_t size, bool write,
                 bool atomic, std::uint32_t since, Place place);
  void CheckRegion(Region *region, std::uintptr_t address, std::size_t size, bool write,
                   bool atomic, bool aligned, std::uint32_t since, Place place);
  void Look(std::uintptr_t address, std::size_t size, bool write, bool atomic,
            bool aligned, Place place);
  void CheckElsewhere(std::uintptr_t address, std::size_t size, bool write, bool atomic,
                      Place place);
  bool Own(Touch earlier) const;
  bool Suspect(Touch earlier, std::uint32_t since) const;
  bool Races(Touch earlier, Touch now, std::uintptr_t address) const;
  void ConsiderRace(Region &region, Touch earlier, bool earlier_writes, Touch now,
                    bool write, std::uintptr_t address);
  void Settle();
  void RememberHaste(Region &region, Touch earlier, Touch now, std::uintptr_t address);
  void ReportHaste(Thread &thread);

  Witness Of(Touch touch) const;
  Finding About(const char *kind, const Region *region, std::uintptr_t address,
                Place place) const;
  void ReportRace(const Region &region, Touch earlier, bool earlier_writes, Touch now,
                  bool write, std::uintptr_t address);
  void ReportUnwritten(Region &region, std::uintptr_t address, std::size_t size,
                       bool atomic, Place place);
  void ReportMisaligned(const Region &region, std::uintptr_t address, std::size_t size,
                        bool write, Place place);
  void ReportOutside(const Region *region, std::uintptr_t address, std::size_t size,
                     bool write, Place place);
  void ReportHost(std::uintptr_t address, std::size_t size, bool write, Place place);
  void ReportElsewhere(std::uintptr_t address, std::size_t size, bool write,
                       Place place);

  static Machine *instance_;

  // What every access needs comes first.
  Thread *current_ = nullptr;
  std::uintptr_t stack_ = 0;  // of the current thread
  Place place_ = 0;           // where the current thread was seen last
  Place anchor_ = Anchor();
  std::uint32_t interval_ = 0, launch_begin_ = 0, block_begin_ = 0;
  std::uint32_t block_number_ = 0;
  std::uint32_t who_ = 0;   // the current thread and its clock, as Touch has them
  bool unsettled_ = false;  // doubts_ is not empty, or halt_ is set

  Arena device_{std::size_t{1} << 37, 16};
  Arena shared_{std::size_t{1} << 24, 8};
  std::vector<std::unique_ptr<Region>> variables_;
  std::uintptr_t variables_begin_ = 0, variables_end_ = 0;  // all lie between

  // Two threads have written to one word; it matters only if the values differ, which is
  // known after the second write.
  struct Doubt {
    Region *region;
    Touch earlier, now;
    std::uintptr_t address;
    std::uint8_t before[kWord];
  };
  std::vector<Doubt> doubts_;
  Ordering ordering_;
  Counter counter_;
  Findings findings_;
  static constexpr std::uint64_t kMostIdle = 1 << 22;

  struct SharedVariable {
    const void *key;
    Region *region;
  };
  std::vector<SharedVariable> shared_variables_;
  Region *dynamic_ = nullptr;
  std::size_t shared_bytes_ = 0;

  std::vector<std::unique_ptr<Thread>> threads_;  // kept from launch to launch
  std::vector<unsigned> sequence_;                // the order in which they run
  std::size_t count_ = 0;                         // threads of a block
  std::size_t ended_ = 0, at_barrier_ = 0;
  int barrier_votes_ = 0, barrier_size_ = 0;
  Body body_;
  std::string kernel_;
  Shape shape_;
  Index3 block_;
  bool failed_ = false;
  std::string failed_by_;
  Halt halt_ = Halt::kNone;
  bool halt_seen_ = false;            // by a tick, since it was set
  std::uint64_t ticks_of_block_ = 0;  // see patience.cc
  std::uint64_t idle_ = 0;  // looks of threads that wait, since anything changed
  struct {
    bool happened = false;
    int signal = 0;  // 0: the kernel is to be stopped
    std::uintptr_t address = 0;
    Place place = 0;
  } fault_;
  std::mt19937_64 random_;
};

}  // namespace cuda_emulator
