/** Who may vouch for whom: certificate profiles, and the authorities that sign by them. */
@NullMarked
package io.beringia.trust.authority;

import org.jspecify.annotations.NullMarked;
