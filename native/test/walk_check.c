/*
 * walk-check ROOT SEED COUNT: random paths through a tree full of symlinks, opened by openat2(2)
 * and by the walk that stands in for it: both must reach the same file, or fail in the same way.
 * Prints the first difference.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../init/kernel.h"
#include "../init/walk.h"

static const char *const names[] = {"a", "b", "c", "up", "abs", "loop", "file", "gone", ".", ".."};
#define NAME_COUNT (sizeof(names) / sizeof(names[0]))

static const uint64_t resolves[] = {
    K_RESOLVE_IN_ROOT | K_RESOLVE_NO_MAGICLINKS,
    K_RESOLVE_IN_ROOT | K_RESOLVE_NO_MAGICLINKS | K_RESOLVE_NO_SYMLINKS,
    K_RESOLVE_BENEATH | K_RESOLVE_NO_MAGICLINKS | K_RESOLVE_NO_XDEV,
};
static const uint64_t opens[] = {O_PATH, O_PATH | O_DIRECTORY, O_RDONLY};

/* splitmix64 */
static uint64_t state;
static uint64_t random_below(uint64_t limit)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (z ^ z >> 31) % limit;
}

static void random_path(char *path, size_t size)
{
	uint64_t parts = 1 + random_below(8);
	size_t length = (size_t)snprintf(path, size, "%s", random_below(3) ? "" : "/");

	for (uint64_t i = 0; i < parts && length + 16 < size; i++) {
		const char *slash = i + 1 < parts || random_below(4) == 0 ? "/" : "";

		length += (size_t)snprintf(path + length, size - length, "%s%s%s",
					   names[random_below(NAME_COUNT)], slash,
					   random_below(6) ? "" : slash);
	}
}

/* A file's identity, or the errno of the failure. */
struct outcome {
	int error;
	dev_t device;
	ino_t inode;
};

static struct outcome outcome_of(int descriptor)
{
	struct stat status;
	struct outcome outcome = {descriptor < 0 ? errno : 0, 0, 0};

	if (descriptor >= 0 && fstat(descriptor, &status) == 0) {
		outcome.device = status.st_dev;
		outcome.inode = status.st_ino;
	}
	if (descriptor >= 0)
		close(descriptor);
	return outcome;
}

static int differs(int root, const char *path, uint64_t flags, uint64_t resolve)
{
	struct outcome kernel;

	do /* EAGAIN: somebody renamed something, somewhere on the host */
		kernel = outcome_of(sys_openat2(root, path, flags | O_CLOEXEC, 0, resolve));
	while (kernel.error == EAGAIN);
	struct outcome walk = outcome_of(walk_open(root, path, flags, resolve));

	if (kernel.error == walk.error && kernel.device == walk.device &&
	    kernel.inode == walk.inode)
		return 0;
	printf("%s (flags %#llx, resolve %#llx): openat2 %d inode %llu, walk %d inode %llu\n", path,
	       (unsigned long long)flags, (unsigned long long)resolve, kernel.error,
	       (unsigned long long)kernel.inode, walk.error, (unsigned long long)walk.inode);
	return 1;
}

int main(int argc, char **argv)
{
	char path[512];

	if (argc < 4)
		return 127;
	int root = open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return 127;
	state = strtoull(argv[2], NULL, 10);
	for (unsigned long i = strtoul(argv[3], NULL, 10); i > 0; i--) {
		random_path(path, sizeof(path));
		if (differs(root, path, opens[random_below(3)], resolves[random_below(3)]))
			return 1;
	}
	puts("the same");
	return close(root);
}
