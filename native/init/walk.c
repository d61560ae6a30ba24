/*
 * openat2(2) in user space: one component at a time, each opened by openat(O_PATH | O_NOFOLLOW) in
 * a folder that is already open, symlinks read and resolved here.
 *
 * The folders on the way stay open on a stack, and ".." takes one off instead of asking the kernel:
 * no rename and no symlink can make it climb above the root, for which user-space resolvers that do
 * ask have to look afterwards. What is opened for more than O_PATH is compared with what was found,
 * so that an exchange in between is noticed.
 */
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel.h"

#define MAX_DEPTH 256
#define MAX_LINKS 40 /* as many as the kernel follows: path_resolution(7) */

struct walk {
	int folders[MAX_DEPTH]; /* [0] is the root, which is not ours */
	unsigned int depth;
	unsigned int links;
	uint64_t flags, resolve;
	dev_t device;
	char rest[PATH_MAX]; /* what is still to be walked */
};

static int fail(int error)
{
	errno = error;
	return -1;
}

static int close_keeping_errno(int descriptor)
{
	int error = errno;

	close(descriptor);
	return fail(error);
}

static void climb_to(struct walk *walk, unsigned int depth)
{
	while (walk->depth > depth)
		close(walk->folders[walk->depth--]);
}

/* Takes the next component off the rest: its length, 0 at the end. "a/" has "a" as its last one. */
static size_t take_component(struct walk *walk, char name[NAME_MAX + 1], int *last)
{
	size_t start = strspn(walk->rest, "/"), length = strcspn(walk->rest + start, "/");
	size_t next = start + length + strspn(walk->rest + start + length, "/");

	if (length > NAME_MAX) {
		errno = ENAMETOOLONG;
		return SIZE_MAX;
	}
	memcpy(name, walk->rest + start, length);
	name[length] = '\0';
	*last = walk->rest[next] == '\0';
	if (*last && walk->rest[start + length] == '/')
		walk->flags |= O_DIRECTORY;
	memmove(walk->rest, walk->rest + next, strlen(walk->rest + next) + 1);
	return length;
}

static int follow(struct walk *walk, int link)
{
	char target[PATH_MAX];
	size_t rest = strlen(walk->rest);
	ssize_t length = readlinkat(link, "", target, sizeof(target) - 1);

	if (length <= 0)
		return length < 0 ? -1 : fail(ENOENT);
	if (walk->resolve & K_RESOLVE_NO_SYMLINKS || ++walk->links > MAX_LINKS)
		return fail(ELOOP);
	if (target[0] == '/') {
		if (walk->resolve & K_RESOLVE_BENEATH)
			return fail(EXDEV);
		climb_to(walk, 0);
	}
	/* a slash between the two, unless nothing follows: "link/" already asks for a folder */
	if ((size_t)length + 1 + rest >= sizeof(walk->rest))
		return fail(ENAMETOOLONG);
	size_t gap = rest ? 1 : 0;

	memmove(walk->rest + (size_t)length + gap, walk->rest, rest + 1);
	memcpy(walk->rest, target, (size_t)length);
	if (gap)
		walk->rest[length] = '/';
	return 0;
}

/* The last component, opened as the caller wants it: it must be what was found. */
static int open_last(struct walk *walk, const char *name, const struct stat *found, int path)
{
	struct stat status;

	if (walk->flags & O_DIRECTORY && !S_ISDIR(found->st_mode))
		return fail(ENOTDIR);
	if (walk->flags & O_PATH)
		return fcntl(path, F_DUPFD_CLOEXEC, 0);
	int opened =
	    openat(walk->folders[walk->depth], name, (int)walk->flags | O_NOFOLLOW | O_CLOEXEC);

	if (opened < 0)
		return -1;
	if (fstat(opened, &status) < 0)
		return close_keeping_errno(opened);
	if (status.st_dev == found->st_dev && status.st_ino == found->st_ino)
		return opened;
	close(opened);
	return fail(EXDEV);
}

static int go_up(struct walk *walk)
{
	if (walk->depth > 0)
		climb_to(walk, walk->depth - 1);
	else if (walk->resolve & K_RESOLVE_BENEATH)
		return fail(EXDEV);
	return 0;
}

static int go_down(struct walk *walk, int folder)
{
	if (walk->depth + 1 >= MAX_DEPTH)
		return fail(ENAMETOOLONG);
	int kept = fcntl(folder, F_DUPFD_CLOEXEC, 0);

	if (kept < 0)
		return -1;
	walk->folders[++walk->depth] = kept;
	return 0;
}

#define GO_ON (-2)

/* One component: a descriptor when it was the last, -1 on failure, else GO_ON. */
static int take_step(struct walk *walk, const char *name, int last)
{
	struct stat status;
	int result = -1;
	int found = openat(walk->folders[walk->depth], name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (found < 0)
		return -1;
	if (fstat(found, &status) < 0)
		return close_keeping_errno(found);
	if (walk->resolve & K_RESOLVE_NO_XDEV && status.st_dev != walk->device)
		errno = EXDEV;
	else if (S_ISLNK(status.st_mode))
		result = follow(walk, found) < 0 ? -1 : GO_ON;
	else if (last)
		result = open_last(walk, name, &status, found);
	else if (!S_ISDIR(status.st_mode))
		errno = ENOTDIR;
	else
		result = go_down(walk, found) < 0 ? -1 : GO_ON;
	int error = errno;

	close(found);
	errno = error;
	return result;
}

static int walk_on(struct walk *walk)
{
	char name[NAME_MAX + 1];
	int result = GO_ON, last = 0;

	while (result == GO_ON) {
		size_t length = take_component(walk, name, &last);

		if (length == SIZE_MAX)
			return -1;
		if (length ==
		    0) /* the path ended in "..", "." or a slash: the folder that is open */
			return openat(walk->folders[walk->depth], ".",
				      (int)walk->flags | O_CLOEXEC);
		if (strcmp(name, "..") == 0)
			result = go_up(walk) < 0 ? -1 : GO_ON;
		else if (strcmp(name, ".") != 0)
			result = take_step(walk, name, last);
	}
	return result;
}

int walk_open(int root, const char *path, uint64_t flags, uint64_t resolve)
{
	struct walk walk = {.folders = {root}, .flags = flags, .resolve = resolve};
	struct stat status;
	size_t length = strlen(path);

	if (length == 0)
		return fail(ENOENT);
	if (length >= sizeof(walk.rest))
		return fail(ENAMETOOLONG);
	if (path[0] == '/' && resolve & K_RESOLVE_BENEATH)
		return fail(EXDEV);
	if (fstat(root, &status) < 0)
		return -1;
	walk.device = status.st_dev;
	memcpy(walk.rest, path, length + 1);
	int result = walk_on(&walk), error = errno;

	climb_to(&walk, 0);
	errno = error;
	return result;
}
