package io.beringia.discovery.xds;

import io.beringia.discovery.catalog.HostReport;

/** Hears of the hosts of WorkloadEntries, each on its own thread, which may be made to wait. */
public interface HostWatch {
    /** For whom it is all the same. */
    HostWatch DEAF = host -> Visit.DEAF;

    /** A host that was admitted: its stream begins. */
    Visit onHost(HostClaim host) throws InterruptedException;

    /** One stream of one host. */
    interface Visit {
        /** Of whoever is no such host. */
        Visit DEAF = new Visit() {
            @Override
            public void onReport(HostReport report) {}

            @Override
            public void onLeft() {}
        };

        void onReport(HostReport report) throws InterruptedException;

        /** It has ended, whoever ended it. Said once, and nothing after it. */
        void onLeft();
    }
}
