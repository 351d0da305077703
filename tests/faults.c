/* A library to preload: it records the operations of a program on files below some folders, and makes one fail.

   W2V_FAULTS_UNDER   folders, with colons between; only operations on files in them count
   W2V_FAULTS_LOG     a file to which each operation is added as a line: its number, its name and the file
   W2V_FAULTS_KINDS   names of operations that count, with commas around each, such as ",write,rename,"

   faults_start(n, error, lasting) lets the n-th operation from now on fail: with an error, or 0 for one that fits the
   operation; if it is lasting, all later ones fail, too, as on a full disk.

   Allocations (malloc and the like, and anonymous maps) count from 256 KB on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LARGE (256 << 10)
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static const char *under, *kinds;
static int log_fd = -1, error_number, lasting, started;
static long nth;
static atomic_long count;

__attribute__((constructor)) static void load(void) {
    const char *log = getenv("W2V_FAULTS_LOG");
    under = getenv("W2V_FAULTS_UNDER");
    kinds = getenv("W2V_FAULTS_KINDS");
    if (log) log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

void faults_start(long number, int error, int is_lasting) {
    nth = number;
    error_number = error;
    lasting = is_lasting;
    count = 0;
    started = 1;
}

void faults_stop(void) {
    started = 0;
    nth = 0;
}

static int fitting_error(const char *kind) {
    if (!strcmp(kind, "open")) return EMFILE;
    if (!strcmp(kind, "allocate") || !strcmp(kind, "mmap")) return ENOMEM;
    if (!strcmp(kind, "write") || !strcmp(kind, "mkdir") || !strcmp(kind, "link") || !strcmp(kind, "rename")) return ENOSPC;
    return EIO;
}

static int is_under(const char *path) {
    if (!under || !path) return 0;
    for (const char *folder = under; *folder;) {
        size_t length = strcspn(folder, ":");
        if (length && !strncmp(path, folder, length)) return 1;
        folder += length + (folder[length] == ':');
    }
    return 0;
}

static int fails(const char *kind, const char *path) {
    char pattern[32], line[5000];
    snprintf(pattern, sizeof pattern, ",%s,", kind);
    if (!kinds || !strstr(kinds, pattern)) return 0;
    long number = atomic_fetch_add(&count, 1) + 1;
    int failing = nth && (lasting ? number >= nth : number == nth);
    if (log_fd >= 0) {
        int length = snprintf(line, sizeof line, "%ld %s%s %s\n", number, failing ? "!" : "", kind, path);
        if (syscall(SYS_write, log_fd, line, length) < 0) abort();
    }
    if (failing) errno = error_number ? error_number : fitting_error(kind);
    return failing;
}

/* Whether an operation on a path fails; relative ones are taken from the working folder. */
static int path_fails(const char *kind, const char *path) {
    char whole[8200];
    if (!path) return 0;
    if (*path != '/') {
        if (syscall(SYS_getcwd, whole, 4096) < 0) return 0;
        size_t length = strlen(whole);
        snprintf(whole + length, sizeof whole - length, "/%s", path);
        path = whole;
    }
    return is_under(path) && fails(kind, path);
}

static int fd_fails(const char *kind, int fd) {
    char link[64], path[4097];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlink, link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return is_under(path) && fails(kind, path);
}

static int allocation_fails(size_t size) {
    char text[32];
    if (!started || size < LARGE) return 0;
    snprintf(text, sizeof text, "%zu", size);
    return fails("allocate", text);
}

#define OPEN(name)                                                                                                      \
    int name(const char *path, int flags, ...) {                                                                        \
        va_list rest;                                                                                                   \
        va_start(rest, flags);                                                                                          \
        mode_t mode = va_arg(rest, mode_t);                                                                             \
        va_end(rest);                                                                                                   \
        return path_fails("open", path) ? -1 : REAL(name)(path, flags, mode);                                           \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                                                    \
    int name(int folder, const char *path, int flags, ...) {                                                            \
        va_list rest;                                                                                                   \
        va_start(rest, flags);                                                                                          \
        mode_t mode = va_arg(rest, mode_t);                                                                             \
        va_end(rest);                                                                                                   \
        return path_fails("open", path) ? -1 : REAL(name)(folder, path, flags, mode);                                   \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *data, size_t size) {
    return fd_fails("write", fd) ? -1 : REAL(write)(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t place) {
    return fd_fails("write", fd) ? -1 : REAL(pwrite)(fd, data, size, place);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t place) {
    return fd_fails("write", fd) ? -1 : REAL(pwrite64)(fd, data, size, place);
}
ssize_t read(int fd, void *data, size_t size) {
    return fd_fails("read", fd) ? -1 : REAL(read)(fd, data, size);
}
int fsync(int fd) {
    return fd_fails("fsync", fd) ? -1 : REAL(fsync)(fd);
}
int close(int fd) {
    int failing = fd_fails("close", fd); /* the descriptor is free all the same, as on Linux */
    int result = REAL(close)(fd);
    if (!failing) return result;
    errno = error_number ? error_number : EIO;
    return -1;
}
int ftruncate64(int fd, off64_t size) {
    return fd_fails("ftruncate", fd) ? -1 : REAL(ftruncate64)(fd, size);
}
int fchmod(int fd, mode_t mode) {
    return fd_fails("chmod", fd) ? -1 : REAL(fchmod)(fd, mode);
}
int rename(const char *from, const char *to) {
    return path_fails("rename", to) ? -1 : REAL(rename)(from, to);
}
int renameat(int old, const char *from, int new, const char *to) {
    return path_fails("rename", to) ? -1 : REAL(renameat)(old, from, new, to);
}
int link(const char *from, const char *to) {
    return path_fails("link", to) ? -1 : REAL(link)(from, to);
}
int linkat(int old, const char *from, int new, const char *to, int flags) {
    return path_fails("link", to) ? -1 : REAL(linkat)(old, from, new, to, flags);
}
int unlink(const char *path) {
    return path_fails("unlink", path) ? -1 : REAL(unlink)(path);
}
int mkdir(const char *path, mode_t mode) {
    return path_fails("mkdir", path) ? -1 : REAL(mkdir)(path, mode);
}
void *mmap64(void *place, size_t size, int protection, int flags, int fd, off64_t offset) {
    int failing = fd < 0 ? allocation_fails(size) : fd_fails("mmap", fd);
    return failing ? MAP_FAILED : REAL(mmap64)(place, size, protection, flags, fd, offset);
}
void *mmap(void *place, size_t size, int protection, int flags, int fd, off_t offset) {
    int failing = fd < 0 ? allocation_fails(size) : fd_fails("mmap", fd);
    return failing ? MAP_FAILED : REAL(mmap)(place, size, protection, flags, fd, offset);
}
void *malloc(size_t size) {
    return allocation_fails(size) ? NULL : __libc_malloc(size);
}
void *calloc(size_t number, size_t size) {
    return allocation_fails(number * size) ? NULL : __libc_calloc(number, size);
}
void *realloc(void *old, size_t size) {
    return allocation_fails(size) ? NULL : __libc_realloc(old, size);
}
int posix_memalign(void **result, size_t alignment, size_t size) {
    if (allocation_fails(size)) return ENOMEM;
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}
