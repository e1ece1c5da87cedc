// C++ exceptions in WebAssembly. Luau raises and catches its errors as such, and Debian's libc++abi
// for WebAssembly is built without them. What is thrown is told from what is caught by libc++abi's
// own type information; the tables are as LLVM writes them, one for each function that catches.

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <typeinfo>

namespace __cxxabiv1 {
// As libc++abi declares it: says whether a `catch` of one type takes what another one threw.
class __shim_type_info : public std::type_info {
public:
  virtual ~__shim_type_info();
  virtual void noop1() const;
  virtual void noop2() const;
  virtual bool can_catch(const __shim_type_info *thrown, void *&object) const = 0;
};
} // namespace __cxxabiv1
using __cxxabiv1::__shim_type_info;

namespace {
// As Rust lays it out too: an exception of either language is told by its class.
struct Unwind {
  uint64_t language;
  void (*cleanup)(int, Unwind *);
  uintptr_t ours[2];
};
// A destructor gives its object back, as all of WebAssembly's do.
using Destroy = void *(*)(void *);
struct Thrown {
  const std::type_info *type;
  Destroy destroy;
  void *caught; // The object as the type that caught it.
  int handlers;
  Thrown *below;
  alignas(16) Unwind unwind; // The object follows.
};
constexpr uint64_t CLANG_CPP = 0x434C4E47432B2B00;
Thrown *handled = nullptr;

Thrown *of_unwind(void *exception) {
  return reinterpret_cast<Thrown *>(static_cast<char *>(exception) - offsetof(Thrown, unwind));
}
void *object_of(Thrown *thrown) { return thrown + 1; }
Thrown *of_object(void *object) { return static_cast<Thrown *>(object) - 1; }
bool is_ours(void *exception) { return static_cast<Unwind *>(exception)->language == CLANG_CPP; }

uintptr_t unsigned_leb(const uint8_t *&at) {
  uintptr_t value = 0;
  for (int shift = 0;; shift += 7) {
    uint8_t byte = *at++;
    value |= uintptr_t(byte & 0x7f) << shift;
    if (!(byte & 0x80)) return value;
  }
}
intptr_t signed_leb(const uint8_t *&at) {
  uintptr_t value = 0;
  int shift = 0;
  uint8_t byte;
  do {
    byte = *at++;
    value |= uintptr_t(byte & 0x7f) << shift;
    shift += 7;
  } while (byte & 0x80);
  if ((byte & 0x40) && shift < 32) value |= ~uintptr_t(0) << shift;
  return intptr_t(value);
}
} // namespace

extern "C" {
// Filled by every landing pad before it asks which of its `catch`es is meant.
struct {
  uintptr_t pad;
  const uint8_t *table;
  uintptr_t selector;
} __wasm_lpad_context;

void *__cxa_allocate_exception(size_t size) noexcept {
  auto thrown = static_cast<Thrown *>(calloc(1, sizeof(Thrown) + size));
  if (!thrown) abort();
  return object_of(thrown);
}
void __cxa_free_exception(void *object) noexcept { free(of_object(object)); }

[[noreturn]] void __cxa_throw(void *object, std::type_info *type, Destroy destroy) {
  Thrown *thrown = of_object(object);
  thrown->type = type;
  thrown->destroy = destroy;
  thrown->caught = object;
  thrown->unwind.language = CLANG_CPP;
  // Rust drops a foreign exception that it caught.
  thrown->unwind.cleanup = [](int, Unwind *unwind) {
    Thrown *thrown = of_unwind(unwind);
    if (thrown->destroy) thrown->destroy(object_of(thrown));
    free(thrown);
  };
  __builtin_wasm_throw(0, &thrown->unwind);
}
void *__cxa_get_exception_ptr(void *exception) noexcept { return of_unwind(exception)->caught; }
void *__cxa_begin_catch(void *exception) noexcept {
  if (!is_ours(exception)) return static_cast<Unwind *>(exception) + 1;
  Thrown *thrown = of_unwind(exception);
  if (thrown->handlers < 0) thrown->handlers = -thrown->handlers;
  if (thrown->handlers++ == 0) {
    thrown->below = handled;
    handled = thrown;
  }
  return thrown->caught;
}
void __cxa_end_catch() {
  Thrown *thrown = handled;
  if (!thrown) return;
  if (thrown->handlers < 0) { // Thrown again: it lives on.
    if (++thrown->handlers == 0) handled = thrown->below;
  } else if (--thrown->handlers == 0) {
    handled = thrown->below;
    thrown->unwind.cleanup(0, &thrown->unwind);
  }
}
[[noreturn]] void __cxa_rethrow() {
  Thrown *thrown = handled;
  if (!thrown) abort();
  thrown->handlers = -thrown->handlers;
  __builtin_wasm_throw(0, &thrown->unwind);
}

// Names this file's way of reading the tables; it is never called by its name.
int __gxx_personality_wasm0(...) { abort(); }

int _Unwind_CallPersonality(void *exception) {
  __wasm_lpad_context.selector = 0;
  if (!is_ours(exception)) return 0;
  Thrown *thrown = of_unwind(exception);
  const uint8_t *at = __wasm_lpad_context.table;
  if (!at) return 0;
  at++; // No function of WebAssembly says where its landing pads start.
  const uint8_t types = *at++;
  const uint8_t *last_type = nullptr;
  if (types != 0xff) {
    uintptr_t offset = unsigned_leb(at);
    last_type = at + offset;
  }
  at++; // How calls are written: always as numbers of seven bits a byte.
  uintptr_t length = unsigned_leb(at);
  const uint8_t *actions = at + length;
  for (uintptr_t pad = 0; at < actions; pad++) {
    unsigned_leb(at);
    uintptr_t action = unsigned_leb(at);
    if (pad != __wasm_lpad_context.pad) continue;
    if (action == 0) return 0;
    for (const uint8_t *next = actions + (action - 1);;) {
      intptr_t index = signed_leb(next);
      if (index > 0) {
        const __shim_type_info *type;
        memcpy(&type, last_type - index * sizeof type, sizeof type);
        void *object = object_of(thrown);
        auto what = static_cast<const __shim_type_info *>(thrown->type);
        if (!type || type->can_catch(what, object)) {
          thrown->caught = object;
          __wasm_lpad_context.selector = index;
          return 0;
        }
      }
      const uint8_t *from = next;
      intptr_t further = signed_leb(next);
      if (further == 0) return 0;
      next = from + further;
    }
  }
  return 0;
}
void _Unwind_DeleteException(void *exception) {
  auto unwind = static_cast<Unwind *>(exception);
  if (unwind->cleanup) unwind->cleanup(1, unwind);
}
}
