/* How the process is scheduled, where its memory comes from, and which system it is told to be on.
 */
#include <string.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "machine.h"

#define IOPRIO_WHO_PROCESS 1

/* struct sched_attr of sched_setattr(2), in its first published size */
struct scheduling {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

int op_scheduler(struct machine *m)
{
	struct scheduling attributes = {
	    .size = sizeof(attributes),
	    .policy = arg_u32(m, 0),
	    .flags = arg_number(m, 1),
	    .nice = (int32_t)arg_u32(m, 2),
	    .priority = arg_u32(m, 3),
	    .runtime = arg_number(m, 4),
	    .deadline = arg_number(m, 5),
	    .period = arg_number(m, 6),
	};

	return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

int op_ioPriority(struct machine *m)
{
	return (int)syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, arg_u32(m, 0));
}

int op_cpuAffinity(struct machine *m)
{
	size_t bytes = arg_length(m, 0) * sizeof(uint32_t);

	/* the raw call answers with the size of the kernel's own mask */
	return syscall(SYS_sched_setaffinity, 0, bytes, arg_numbers(m, 0)) < 0 ? -1 : 0;
}

int op_personality(struct machine *m)
{
	return personality(arg_u32(m, 0)) < 0 ? -1 : 0;
}

int op_memoryPolicy(struct machine *m)
{
	/* a mask of no nodes is no mask; the count is of bits, and the kernel reads one fewer than
	 * it is told */
	unsigned long bits = arg_length(m, 1) * 32UL;

	return (int)syscall(SYS_set_mempolicy, (int)arg_u32(m, 0), bits ? arg_numbers(m, 1) : NULL,
			    bits ? bits + 1 : 0UL);
}
