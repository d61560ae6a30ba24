/* Paths that the container may see but not use. The target is opened once and covered by its
 * descriptor. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel.h"
#include "machine.h"
#include "path.h"

static int open_beneath(int root, const char *path)
{
	return path_open(root, path, MAKE_NOTHING, 0, 0);
}

/* Covers `target` with a copy of what `source` holds; closes both ends it made. */
static int cover(int target, int source, unsigned int flags, int read_only)
{
	const struct mount_attributes attributes = {.attr_set = K_MOUNT_ATTR_RDONLY};
	int copy = sys_open_tree(source, "", K_OPEN_TREE_CLONE | AT_EMPTY_PATH | flags);
	int result = copy;

	if (copy >= 0 && read_only)
		result = sys_mount_setattr(copy, "", AT_EMPTY_PATH, &attributes);
	if (result >= 0)
		result = sys_move_mount(copy, target);
	int error = errno;

	if (copy >= 0)
		close(copy);
	close(target);
	errno = error;
	return result < 0 ? -1 : 0;
}

/* Before Linux 6.15 a mount can be copied only once it is attached: the first folder gets `empty`
 * itself. */
static int cover_folder(struct machine *m, int target)
{
	if (m->empty_attached)
		return cover(target, arg_slot(m, 3), 0, 0);

	int result = sys_move_mount(arg_slot(m, 3), target);
	int error = errno;

	close(target);
	errno = error;
	m->empty_attached = result == 0;
	return result;
}

int op_mask(struct machine *m)
{
	struct stat status;
	int target = open_beneath(arg_slot(m, 0), arg_string(m, 1));

	if (target < 0)
		return -1;
	if (fstat(target, &status) < 0) {
		close(target);
		return -1;
	}
	return S_ISDIR(status.st_mode) ? cover_folder(m, target)
				       : cover(target, arg_slot(m, 2), 0, 0);
}

int op_readOnly(struct machine *m)
{
	int target = open_beneath(arg_slot(m, 0), arg_string(m, 1));

	return target < 0 ? -1 : cover(target, target, K_AT_RECURSIVE, 1);
}
