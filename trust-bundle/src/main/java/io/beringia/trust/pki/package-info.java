/** Certificates read, written and signed. Bouncy Castle stays in here: no signature of this package shows it. */
@NullMarked
package io.beringia.trust.pki;

import org.jspecify.annotations.NullMarked;
