/*
 * Where the time goes, for a plan that asks for it: its stamps are in memory that the runtime
 * shares. Nothing here is in other plans, and the loop knows nothing of it.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "machine.h"

int op_timeline(struct machine *m)
{
	struct stat status;
	int memory = arg_slot(m, 0);

	if (fstat(memory, &status) < 0)
		return -1;
	if (status.st_size <= 0 || status.st_size > (off_t)(PLAN_MAX_STEPS * sizeof(*m->times))) {
		errno = EINVAL;
		return -1;
	}
	void *times =
	    mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);

	if (times == MAP_FAILED)
		return -1;
	m->times = times;
	m->times_left = (uint32_t)((size_t)status.st_size / sizeof(*m->times));
	close(memory);
	m->slots[arg_number(m, 0)] = -1;
	return op_stamp(m);
}

int op_stamp(struct machine *m)
{
	struct timespec now;

	if (m->times_left == 0) {
		errno = ENOSPC;
		return -1;
	}
	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return -1;
	*m->times++ = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	m->times_left--;
	return 0;
}
