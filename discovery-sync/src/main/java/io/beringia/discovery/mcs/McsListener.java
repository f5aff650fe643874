package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.kube.ApiWrite;
import io.beringia.discovery.kube.ObjectName;
import java.util.List;

/** Hears what the writer does, on its thread. */
public interface McsListener {
    /** It became our turn to write, or stopped being so. */
    void onWriter(boolean isOurs);

    void onWritten(ApiWrite write);

    /** It is tried again. */
    void onNotWritten(ApiWrite write, String why);

    /** Our API does not answer; the next try comes later. */
    void onSilent(String why);

    /** A round found a mistake of ours; the next try comes later. */
    void onRoundFailed(RuntimeException bug);

    /** As things stand after a round. */
    void onRound(Standing standing);

    /** A ledger of addresses says what none says; it is begun anew from the imports. */
    void onBrokenLedger(String why);

    /**
     * @param imports of ours
     * @param conflicts of them, those whose clusters disagree
     * @param addresses given, resting ones included
     * @param full services without address, since their part of the range is full
     * @param duplicates addresses that more than one import has
     * @param foreign imports that somebody else wrote under names that we would need
     */
    record Standing(
            int imports,
            int conflicts,
            int addresses,
            List<ObjectName> full,
            List<IpAddress> duplicates,
            List<ObjectName> foreign) {
        public Standing {
            full = List.copyOf(full);
            duplicates = List.copyOf(duplicates);
            foreign = List.copyOf(foreign);
        }
    }
}
