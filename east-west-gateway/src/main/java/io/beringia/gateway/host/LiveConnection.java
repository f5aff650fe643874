package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.gateway.drain.Residue;

/** One connection of the local application, in either direction, from its beginning to its end. Lives on its event loop. */
interface LiveConnection {
    /** Ends what is allowed no more. */
    void onCatalog(Catalog catalog);

    /** Ends it, whether it stands yet or not: both sides see an abort. */
    void cut();

    Residue.One shown(long nowNanos);
}
