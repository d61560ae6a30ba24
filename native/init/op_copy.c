/*
 * tmpcopyup: the content of a folder of the image, copied to the root of the tmpfs that will cover
 * it.
 *
 * Everything goes by descriptor and nothing is followed: the image's symlinks are copied as what
 * they are.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel.h"
#include "machine.h"

#define MAX_DEPTH 64 /* each level keeps two descriptors and a buffer on the stack */

struct directory_entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

static int copy_folder(int from, int onto, int depth);

static int copy_bytes(int from, int onto, off_t size)
{
	while (size > 0) {
		ssize_t copied = sendfile(onto, from, NULL, (size_t)size);

		if (copied < 0)
			return -1;
		if (copied == 0)
			return 0;
		size -= copied;
	}
	return 0;
}

static int copy_file(int from, int onto, const char *name, const struct stat *status)
{
	int source = openat(from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);

	if (source < 0)
		return -1;
	int target = openat(onto, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int result = target < 0 ? -1 : copy_bytes(source, target, status->st_size);
	int error = errno;

	close(source);
	if (target >= 0)
		close(target);
	errno = error;
	return result;
}

static int copy_link(int from, int onto, const char *name)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(from, name, target, sizeof(target) - 1);

	if (length < 0)
		return -1;
	target[length] = '\0';
	return symlinkat(target, onto, name);
}

static int copy_subfolder(int from, int onto, const char *name, int depth)
{
	int source = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int target = -1, result = -1;

	if (source < 0)
		return -1;
	if (mkdirat(onto, name, 0700) == 0)
		target = openat(onto, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (target >= 0)
		result = copy_folder(source, target, depth + 1);
	int error = errno;

	close(source);
	if (target >= 0)
		close(target);
	errno = error;
	return result;
}

static int copy_content(int from, int onto, const char *name, const struct stat *status, int depth)
{
	switch (status->st_mode & S_IFMT) {
	case S_IFDIR:
		return copy_subfolder(from, onto, name, depth);
	case S_IFREG:
		return copy_file(from, onto, name, status);
	case S_IFLNK:
		return copy_link(from, onto, name);
	default: /* a node that may not be made here (user namespaces) is left out, as runc leaves
		    it */
		if (mknodat(onto, name, status->st_mode, status->st_rdev) < 0 && errno != EPERM)
			return -1;
		return 0;
	}
}

/* Owner before mode: a change of owner takes set-id bits away. */
static int copy_status(int onto, const char *name, const struct stat *status)
{
	const struct timespec times[2] = {status->st_atim, status->st_mtim};

	if (fchownat(onto, name, status->st_uid, status->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISLNK(status->st_mode) && fchmodat(onto, name, status->st_mode & 07777, 0) < 0)
		return -1;
	return utimensat(onto, name, times, AT_SYMLINK_NOFOLLOW);
}

static int copy_entry(int from, int onto, const char *name, int depth)
{
	struct stat status;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 0;
	if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
	    copy_content(from, onto, name, &status, depth) < 0)
		return -1;
	return copy_status(onto, name, &status);
}

static int copy_folder(int from, int onto, int depth)
{
	_Alignas(struct directory_entry) char entries[2048];
	long got;

	if (depth > MAX_DEPTH) {
		errno = ELOOP;
		return -1;
	}
	while ((got = syscall(SYS_getdents64, from, entries, sizeof(entries))) > 0) {
		for (long at = 0; at < got;) {
			const struct directory_entry *entry = (const void *)(entries + at);

			if (copy_entry(from, onto, entry->name, depth) < 0)
				return -1;
			at += entry->length;
		}
	}
	return got < 0 ? -1 : 0;
}

/* The slots hold O_PATH descriptors: the folders are opened anew to be read. */
int op_copyUp(struct machine *m)
{
	if (arg_slot(m, 0) < 0)
		return 0;
	int from = openat(arg_slot(m, 0), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int onto = openat(arg_slot(m, 1), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = from < 0 || onto < 0 ? -1 : copy_folder(from, onto, 0);
	int error = errno;

	if (from >= 0)
		close(from);
	if (onto >= 0)
		close(onto);
	errno = error;
	return result;
}
