/* Preloaded into a server: tells, through the pipe that SYNCLOG_PIPE names, of everything that
   changes a file of the folder SYNCLOG_FOLDER, and of every sync. A write is told when it has
   been done, a sync when it begins and again when it has succeeded, so that what was told before the
   begin is what the sync covers. Disk.java reads it. With SYNCLOG_LIES no sync is done or told,
   and each succeeds.

   A record, in network order: type (1 byte), inode (8), a number (8), length (4), so many bytes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define FDS 65536

static int out = -1;
static int lies;
static char folder[4096];
static size_t folder_length;
static ino_t watched[FDS]; /* by descriptor; 0: not ours */
static uint64_t tokens;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  const char *log = getenv("SYNCLOG_PIPE");
  const char *where = getenv("SYNCLOG_FOLDER");
  if (!log || !where || strlen(where) >= sizeof folder) return;
  strcpy(folder, where);
  folder_length = strlen(folder);
  lies = getenv("SYNCLOG_LIES") != NULL;
  out = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CLOEXEC, 0);
  unsetenv("LD_PRELOAD");
}

static void put(const void *bytes, size_t length) {
  const char *from = bytes;
  while (length > 0) {
    ssize_t done = syscall(SYS_write, out, from, length);
    if (done < 0 && errno != EINTR) { out = -1; return; }
    if (done > 0) { from += done; length -= done; }
  }
}

static void tell(char type, uint64_t inode, uint64_t number, const void *bytes, size_t length) {
  struct __attribute__((packed)) { char type; uint64_t inode, number; uint32_t length; } head = {
      type, htobe64(inode), htobe64(number), htobe32(length)};
  int error = errno;
  pthread_mutex_lock(&lock);
  if (out >= 0) {
    put(&head, sizeof head);
    put(bytes, length);
  }
  pthread_mutex_unlock(&lock);
  errno = error;
}

static const char *inside(const char *path) {
  if (out < 0 || !path || strncmp(path, folder, folder_length)) return NULL;
  if (path[folder_length] == 0) return "";
  return path[folder_length] == '/' ? path + folder_length + 1 : NULL;
}

static int opened(int fd, const char *path) {
  const char *name = inside(path);
  struct stat is;
  if (fd < 0 || fd >= FDS) return fd;
  watched[fd] = 0;
  if (name && fstat(fd, &is) == 0) {
    watched[fd] = is.st_ino;
    tell('O', is.st_ino, 0, name, strlen(name));
  }
  return fd;
}

static ino_t of(int fd) {
  struct stat is;
  if (out < 0 || fd < 0 || fd >= FDS || !watched[fd]) return 0;
  return fstat(fd, &is) == 0 && is.st_ino == watched[fd] ? watched[fd] : 0;
}

#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); \
  }
static int truncated(int fd, int flags) {
  ino_t inode = fd >= 0 && (flags & O_TRUNC) ? of(fd) : 0;
  if (inode) tell('T', inode, 0, NULL, 0);
  return fd;
}

int open(const char *path, int flags, ...) {
  MODE(flags) return truncated(opened(REAL(int, open, const char *, int, ...)(path, flags, mode), path), flags);
}
int open64(const char *path, int flags, ...) {
  MODE(flags) return truncated(opened(REAL(int, open64, const char *, int, ...)(path, flags, mode), path), flags);
}
int openat(int at, const char *path, int flags, ...) {
  MODE(flags) return truncated(opened(REAL(int, openat, int, const char *, int, ...)(at, path, flags, mode), path), flags);
}
int openat64(int at, const char *path, int flags, ...) {
  MODE(flags) return truncated(opened(REAL(int, openat64, int, const char *, int, ...)(at, path, flags, mode), path), flags);
}
int close(int fd) {
  if (fd >= 0 && fd < FDS) watched[fd] = 0;
  return REAL(int, close, int)(fd);
}

static ssize_t written(int fd, const void *bytes, ssize_t done, off_t at) {
  ino_t inode = done > 0 ? of(fd) : 0;
  if (inode) tell('W', inode, at, bytes, done);
  return done;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  return written(fd, bytes, REAL(ssize_t, pwrite, int, const void *, size_t, off_t)(fd, bytes, length, at), at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  return written(fd, bytes, REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t)(fd, bytes, length, at), at);
}
ssize_t write(int fd, const void *bytes, size_t length) {
  ssize_t done = REAL(ssize_t, write, int, const void *, size_t)(fd, bytes, length);
  return done > 0 && of(fd) ? written(fd, bytes, done, lseek(fd, 0, SEEK_CUR) - done) : done;
}

static int cut(int fd, int result, off_t size) {
  ino_t inode = result == 0 ? of(fd) : 0;
  if (inode) tell('T', inode, size, NULL, 0);
  return result;
}
int ftruncate(int fd, off_t size) { return cut(fd, REAL(int, ftruncate, int, off_t)(fd, size), size); }
int ftruncate64(int fd, off64_t size) { return cut(fd, REAL(int, ftruncate64, int, off64_t)(fd, size), size); }

static int synced(int fd, int (*sync)(int)) {
  ino_t inode = of(fd);
  if (!inode) return sync(fd);
  if (lies) return 0;
  uint64_t token = __atomic_add_fetch(&tokens, 1, __ATOMIC_SEQ_CST);
  tell('S', inode, token, NULL, 0);
  int result = sync(fd);
  if (result == 0) tell('E', inode, token, NULL, 0);
  return result;
}
int fsync(int fd) { return synced(fd, REAL(int, fsync, int)); }
int fdatasync(int fd) { return synced(fd, REAL(int, fdatasync, int)); }

int unlink(const char *path) {
  int result = REAL(int, unlink, const char *)(path);
  const char *name = inside(path);
  if (result == 0 && name) tell('U', 0, 0, name, strlen(name));
  return result;
}
int rename(const char *from, const char *to) {
  int result = REAL(int, rename, const char *, const char *)(from, to);
  const char *old = inside(from), *new = inside(to);
  if (result == 0 && old && new) {
    char names[8192];
    size_t length = strlen(old);
    memcpy(names, old, length + 1);
    strcpy(names + length + 1, new);
    tell('R', 0, 0, names, length + 1 + strlen(new));
  }
  return result;
}
