/**
 * The SPIFFE Workload API over a unix socket: who connects is known by the kernel's word, and gets the identities that the
 * configuration gives to his user and group.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md">The SPIFFE Workload API</a>
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_Endpoint.md">The SPIFFE Workload
 *     Endpoint</a>
 */
@NullMarked
package io.beringia.trust.workload;

import org.jspecify.annotations.NullMarked;
