/* Files and nodes of the root file system, and the runtime's own. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "kernel.h"
#include "machine.h"
#include "path.h"

int op_openHost(struct machine *m)
{
	return fill_slot(m, 2, open(arg_string(m, 0), (int)arg_u32(m, 1) | O_CLOEXEC));
}

#define MAKE_AS_LIKE 3u

int op_openTarget(struct machine *m)
{
	uint32_t make = arg_u32(m, 2);
	struct stat like;

	if (make == MAKE_AS_LIKE) {
		if (fstat(arg_slot(m, 3), &like) < 0)
			return -1;
		make = S_ISDIR(like.st_mode) ? MAKE_FOLDER : MAKE_FILE;
	}
	return fill_slot(m, 6,
			 path_open(arg_slot(m, 0), arg_string(m, 1), (enum make_kind)make,
				   (mode_t)arg_u32(m, 4), arg_u32(m, 5)));
}

static int same_node(const struct stat *status, mode_t type, dev_t device)
{
	if ((status->st_mode & S_IFMT) != type)
		return 0;
	return type == S_IFIFO || status->st_rdev == device;
}

/* Owner and mode through the descriptor, so that nothing else can be hit: mknodat obeys the umask.
 */
static int set_node(int folder, const char *name, mode_t mode, uid_t uid, gid_t gid)
{
	if (fchownat(folder, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	return fchmodat(folder, name, mode & 07777, 0);
}

static int make_node(struct machine *m, int folder, const char *name)
{
	mode_t mode = (mode_t)arg_u32(m, 2);
	dev_t device = makedev(arg_u32(m, 3), arg_u32(m, 4));
	struct stat status;

	if (mknodat(folder, name, mode, device) < 0) {
		if (errno != EEXIST || fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
			return -1;
		if (!same_node(&status, mode & S_IFMT, device)) {
			errno = EEXIST;
			return -1;
		}
	}
	return set_node(folder, name, mode, (uid_t)arg_u32(m, 5), (gid_t)arg_u32(m, 6));
}

/* Opens the parent of `path`, making it where it is missing. */
static int open_made_parent(int root, const char *path, const char **name)
{
	int folder = path_open_parent(root, path, name);
	size_t length = (size_t)(*name - path);
	char parent[4096];

	if (folder >= 0 || errno != ENOENT || length == 0 || length >= sizeof(parent))
		return folder;
	memcpy(parent, path, length);
	parent[length - 1] = '\0';
	return path_open(root, parent, MAKE_FOLDER, 0755, 0);
}

int op_makeNode(struct machine *m)
{
	const char *name;
	int folder = open_made_parent(arg_slot(m, 0), arg_string(m, 1), &name);

	if (folder < 0)
		return -1;
	int result = make_node(m, folder, name);
	int error = errno;

	close(folder);
	errno = error;
	return result;
}

int op_makeSymlink(struct machine *m)
{
	const char *name;
	int folder = open_made_parent(arg_slot(m, 0), arg_string(m, 1), &name);

	if (folder < 0)
		return -1;
	int result = symlinkat(arg_string(m, 2), folder, name);
	int error = errno;

	close(folder);
	errno = error;
	return result < 0 && error == EEXIST ? 0 : result;
}

int op_verifyDevice(struct machine *m)
{
	struct stat status;

	if (fstat(arg_slot(m, 0), &status) < 0)
		return -1;
	if (!same_node(&status, S_IFCHR, makedev(arg_u32(m, 1), arg_u32(m, 2)))) {
		errno = ENODEV;
		return -1;
	}
	return 0;
}

int op_writeFile(struct machine *m)
{
	int file = path_resolve(arg_slot(m, 0), arg_string(m, 1), O_WRONLY,
				K_RESOLVE_BENEATH | K_RESOLVE_NO_XDEV | K_RESOLVE_NO_MAGICLINKS);

	if (file < 0)
		return -1;
	ssize_t written = write(file, arg_string(m, 2), arg_length(m, 2));
	int error = errno;

	close(file);
	errno = error;
	return written < 0 ? -1 : 0;
}

int op_closeSlot(struct machine *m)
{
	int descriptor = arg_slot(m, 0);

	m->slots[arg_number(m, 0)] = -1;
	/* a step whose failure was tolerated has left it empty */
	return descriptor < 0 ? 0 : close(descriptor);
}
