/** The Multi-Cluster Services API (KEP-1645): what our cluster should have of it, pure, and the one who writes it. */
@NullMarked
package io.beringia.discovery.mcs;

import org.jspecify.annotations.NullMarked;
