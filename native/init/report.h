/* Words to the runtime and back: one packet each. */
#ifndef RUNT_REPORT_H
#define RUNT_REPORT_H

#include <stdint.h>
#include "machine.h"

/* Sends {kind, step, op, value} and the machine's detail. -1 when nobody listens any more. */
int report(struct machine *m, uint32_t kind, int32_t value);

/* The same with a descriptor riding along. */
int report_descriptor(struct machine *m, int32_t tag, int descriptor);

/* Waits by read(2) for MESSAGE_GO of this gate; anything else, and the end of the runtime, is a
 * failure. */
int await_go(const struct machine *m, int32_t gate);

#endif
