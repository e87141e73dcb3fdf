/* What the drills of the disk preload: it writes down every change under one folder, or makes one of them fail.
 *
 * Asleep until tracer_watch() or tracer_fail() wakes it, which a drill calls in a child that it has forked.
 * A record of the log: u32 what, u32 which change it was, u64 offset, u64 length of the data, u32 length of the path,
 * the path, the data. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MADE = 1, WROTE, CUT, FLUSHED, REMOVED, RENAMED, FOLDER_FLUSHED, LINKED, SAID };
enum { FILES = 4096 };
static char folder[PATH_MAX], *names[FILES], folders[FILES];
static int logged = -1, failure, sticky;
static long fail_at;
static uint32_t points;

#define REAL(result, name, ...)                                                                      \
    static result (*real)(__VA_ARGS__);                                                              \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static ssize_t plain_write(int file, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    return real(file, data, size);
}

static int inside(const char *path) {
    size_t n = strlen(folder);
    return n && path && !strncmp(path, folder, n) && path[n] == '/';
}

static const char *name_of(int file) { return file >= 0 && file < FILES ? names[file] : NULL; }

static void put(const void *data, size_t size) {
    while (size) {
        ssize_t n = plain_write(logged, data, size);
        if (n <= 0) abort();
        data = (const char *)data + n, size -= n;
    }
}

static void record(uint32_t what, uint64_t offset, const char *path, const void *data, uint64_t size) {
    if (logged < 0) return;
    const char *tail = path ? path + strlen(folder) + 1 : "";
    uint32_t length = strlen(tail);
    put(&what, 4), put(&points, 4), put(&offset, 8), put(&size, 8), put(&length, 4), put(tail, length);
    if (data) put(data, size);
}

/* Whether this change is the one that fails, or one after it. */
static int fails(void) {
    points++;
    if (!fail_at || points < fail_at || (points > fail_at && !sticky)) return 0;
    errno = failure;
    return 1;
}

static char *whole(const char *path, char *into) {
    char parent[PATH_MAX], real[PATH_MAX];
    if (strlen(path) >= sizeof parent) return NULL;
    strcpy(parent, path);
    char *slash = strrchr(parent, '/');
    if (!slash) return NULL;
    *slash = 0;
    if (!realpath(parent, real) || strlen(real) + strlen(slash + 1) + 2 > PATH_MAX) return NULL;
    return strcat(strcat(strcpy(into, real), "/"), slash + 1);
}

static int opened(int at, const char *path, int flags, mode_t mode) {
    REAL(int, "openat", int, const char *, int, ...);
    char full[PATH_MAX];
    int mine = folder[0] && path[0] == '/' && whole(path, full) && inside(full);
    int made = mine && (flags & O_CREAT) && access(path, F_OK);
    if (made && fails()) return -1;
    int file = real(at, path, flags, mode);
    if (file < 0 || file >= FILES) return file;
    free(names[file]), names[file] = NULL;
    struct stat what;
    if (!mine && !(folder[0] && !strcmp(path, folder))) return file;
    names[file] = strdup(mine ? full : path);
    folders[file] = !fstat(file, &what) && S_ISDIR(what.st_mode);
    if (made) record(MADE, 0, names[file], NULL, 0);
    else if (mine && (flags & O_TRUNC) && !folders[file]) record(CUT, 0, names[file], NULL, 0);
    return file;
}

#define OPEN(name, parameters, at)                                                                   \
    int name parameters {                                                                            \
        mode_t mode = 0;                                                                             \
        if (flags & (O_CREAT | O_TMPFILE)) {                                                         \
            va_list rest;                                                                            \
            va_start(rest, flags), mode = va_arg(rest, mode_t), va_end(rest);                        \
        }                                                                                            \
        return opened(at, path, flags, mode);                                                        \
    }
OPEN(open, (const char *path, int flags, ...), AT_FDCWD)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD)
OPEN(openat, (int at, const char *path, int flags, ...), at)
OPEN(openat64, (int at, const char *path, int flags, ...), at)

int close(int file) {
    REAL(int, "close", int);
    if (name_of(file)) free(names[file]), names[file] = NULL;
    return real(file);
}

ssize_t write(int file, const void *data, size_t size) {
    const char *name = name_of(file);
    if (name && fails()) return -1;
    off_t at = name ? lseek(file, 0, SEEK_CUR) : 0;
    ssize_t n = plain_write(file, data, size);
    if (name && n > 0) record(WROTE, at, name, data, n);
    return n;
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    const char *name = name_of(file);
    if (name && fails()) return -1;
    ssize_t n = real(file, data, size, at);
    if (name && n > 0) record(WROTE, at, name, data, n);
    return n;
}
ssize_t pwrite(int file, const void *data, size_t size, off_t at) { return pwrite64(file, data, size, at); }

/* Copied through this process, so that the data is seen. */
ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
    REAL(ssize_t, "sendfile64", int, int, off64_t *, size_t);
    if (!name_of(to)) return real(to, from, at, size);
    char data[1 << 16];
    size_t most = size < sizeof data ? size : sizeof data;
    ssize_t n = at ? pread(from, data, most, *at) : read(from, data, most);
    if (n > 0) n = write(to, data, n);
    if (n > 0 && at) *at += n;
    return n;
}
ssize_t sendfile(int to, int from, off_t *at, size_t size) { return sendfile64(to, from, (off64_t *)at, size); }

int ftruncate64(int file, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    const char *name = name_of(file);
    if (name && fails()) return -1;
    int done = real(file, size);
    if (name && !done) record(CUT, size, name, NULL, 0);
    return done;
}
int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

int truncate64(const char *path, off64_t size) {
    REAL(int, "truncate64", const char *, off64_t);
    char full[PATH_MAX];
    int mine = folder[0] && whole(path, full) && inside(full);
    if (mine && fails()) return -1;
    int done = real(path, size);
    if (mine && !done) record(CUT, size, full, NULL, 0);
    return done;
}
int truncate(const char *path, off_t size) { return truncate64(path, size); }

static int flush(int file, int (*real)(int)) {
    const char *name = name_of(file);
    if (name && fails()) return -1;
    int done = real(file);
    if (name && !done) record(folders[file] ? FOLDER_FLUSHED : FLUSHED, 0, inside(name) ? name : NULL, NULL, 0);
    return done;
}
int fsync(int file) {
    REAL(int, "fsync", int);
    return flush(file, real);
}
int fdatasync(int file) {
    REAL(int, "fdatasync", int);
    return flush(file, real);
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    char full[PATH_MAX];
    int mine = folder[0] && whole(path, full) && inside(full) && !access(path, F_OK);
    if (mine && fails()) return -1;
    int done = real(path);
    if (mine && !done) record(REMOVED, 0, full, NULL, 0);
    return done;
}

static int renamed(uint32_t what, const char *from, const char *to, int (*real)(const char *, const char *)) {
    char a[PATH_MAX], b[PATH_MAX];
    int mine = folder[0] && whole(from, a) && whole(to, b) && inside(b);
    if (mine && fails()) return -1;
    int done = real(from, to);
    const char *tail = mine ? b + strlen(folder) + 1 : "";
    if (mine && !done) record(what, 0, a, tail, strlen(tail));
    return done;
}
int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    return renamed(RENAMED, from, to, real);
}
int link(const char *from, const char *to) {
    REAL(int, "link", const char *, const char *);
    return renamed(LINKED, from, to, real);
}

/* Called by the drill, through ctypes. */
void tracer_watch(const char *which, const char *log) {
    REAL(int, "openat", int, const char *, int, ...);
    snprintf(folder, sizeof folder, "%s", which);
    logged = real(AT_FDCWD, log, O_CREAT | O_WRONLY | O_APPEND, 0600);
    if (logged < 0) abort();
}
void tracer_fail(const char *which, long at, int error, int always) {
    snprintf(folder, sizeof folder, "%s", which);
    points = 0, fail_at = at, failure = error, sticky = always;
}
void tracer_say(uint64_t number) { record(SAID, number, NULL, NULL, 0); }
