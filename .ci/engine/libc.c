/* What Rust's standard library asks for and Debian's wasi-libc lacks. There are no threads. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int *__errno_location(void) { return &errno; }

int pthread_attr_init(void *attributes) { return 0; }
int pthread_attr_destroy(void *attributes) { return 0; }
int pthread_attr_setstacksize(void *attributes, size_t size) { return 0; }
int pthread_create(void *thread, void *attributes, void *(*run)(void *), void *with) { return ENOTSUP; }
int pthread_detach(void *thread) { return ENOTSUP; }
int pthread_join(void *thread, void **result) { return ENOTSUP; }

/* There are no links: every path is its own. */
char *realpath(const char *path, char *out) {
  size_t size = strlen(path) + 1;
  if (!out) out = malloc(size);
  return out ? memcpy(out, path, size) : NULL;
}
