/** Tamper-evident logs as C2SP tlog-tiles: written, cosigned, verified. JDK only. */
@NullMarked
package io.beringia.trust.ledger;

import org.jspecify.annotations.NullMarked;
