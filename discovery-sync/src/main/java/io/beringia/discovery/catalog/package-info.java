/** Mesh words, evidence and the plan: values and pure rules, a contract for gateway and failover. */
@NullMarked
package io.beringia.discovery.catalog;

import org.jspecify.annotations.NullMarked;
