package io.beringia.gateway.drain;

/**
 * Where one event loop stands on its way out.
 *
 * <pre>
 *   Accepting ── time is up ──► Leaving ── patience is over ──► Cutting ──┐
 *                                  └─────────── nobody is left ───────────┴──► Over
 * </pre>
 */
sealed interface DrainState {
    /** Readiness is gone; everybody who still comes is served. */
    record Accepting(long sinceNanos) implements DrainState {
        Leaving leaving(long nowNanos) {
            return new Leaving(nowNanos);
        }
    }

    /** Connections are told to be used no more; tunnels go on. */
    record Leaving(long sinceNanos) implements DrainState {
        Cutting cutting(int tunnels, long nowNanos) {
            return new Cutting(nowNanos, tunnels, 0);
        }

        Over over() {
            return new Over();
        }
    }

    /**
     * What is left is ended, slice by slice.
     *
     * @param residue tunnels that were left at first
     * @param cut how many of them were ended
     */
    record Cutting(long sinceNanos, int residue, int cut) implements DrainState {
        Cutting more(int due) {
            return new Cutting(sinceNanos, residue, due);
        }

        Over over() {
            return new Over();
        }
    }

    record Over() implements DrainState {}
}
