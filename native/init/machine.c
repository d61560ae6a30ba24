/* The loop: one step after another, and word to the runtime when one fails. */
#include "machine.h"

#include <errno.h>
#include <unistd.h>
#include "report.h"

int fill_slot(struct machine *m, unsigned int i, int descriptor)
{
	int *slot = &m->slots[arg_number(m, i)];

	if (descriptor < 0)
		return -1;
	if (*slot >= 0)
		close(*slot);
	*slot = descriptor;
	return 0;
}

static int run_step(struct machine *m)
{
	switch (m->step->op) {
#define OP(number, name, arguments, what)                                                          \
	case number:                                                                               \
		return op_##name(m);
#include "../ops.def"
#undef OP
	default: /* the decoder has refused it */
		errno = ENOSYS;
		return -1;
	}
}

static int tolerated(const struct step_header *step, int error)
{
	for (int i = 0; i < 2; i++)
		if (step->tolerate[i] == 0xffff ||
		    (step->tolerate[i] && step->tolerate[i] == error))
			return 1;
	return 0;
}

int machine_run(struct machine *m)
{
	struct plan_header *header = (struct plan_header *)(void *)m->image;
	uint32_t steps = header->steps;

	m->step = (const struct step_header *)(const void *)(header + 1);
	for (m->index = 0; m->index < steps; m->index++) {
		m->detail_length = 0;
		if (run_step(m) < 0) {
			int error = errno;

			if (!tolerated(m->step, error)) {
				report(m, MESSAGE_FAILED, error);
				return -1;
			}
			if (m->step->flags & STEP_WARN)
				report(m, MESSAGE_TOLERATED, error);
		}
		m->step = (const void *)((const union argument *)(const void *)(m->step + 1) +
					 m->step->argc);
	}
	return 0;
}
