/* The clock that all of runt goes by when it is traced, and the memory that runt-init notes it in.
 */
#include "librunt.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

double runt_clock(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Of a fixed size, and there from the beginning: whoever writes first would pay for its pages. */
int runt_timeline(uint32_t stamps)
{
	off_t size = (off_t)(stamps * sizeof(uint64_t));
	int memory = memfd_create("runt-timeline", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (memory < 0)
		return -errno;
	if (ftruncate(memory, size) == 0 && fallocate(memory, 0, 0, size) == 0 &&
	    fcntl(memory, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW) == 0)
		return memory;
	int error = errno;

	close(memory);
	return -error;
}
