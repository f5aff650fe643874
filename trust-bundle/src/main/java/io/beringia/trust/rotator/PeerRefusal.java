package io.beringia.trust.rotator;

import java.util.Locale;

/** Why a cluster does not do what the trust role of another one wants; as ledger, metric and answer name it. */
enum PeerRefusal {
    /** Speaks for another cluster than its certificate. */
    NOT_ITS_OWN,
    /** Another lead is obeyed, of this epoch or a later one. */
    OLD_EPOCH,
    /** Never asked whether it may lead. */
    NOT_PROMISED,
    /** A newer order is obeyed already. */
    OLD_ORDER,
    /** Cannot follow from where this cluster stands. */
    OTHER_CHANGE,
    /** The next intermediate of this cluster is missing or unfit. */
    NOT_READY;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
