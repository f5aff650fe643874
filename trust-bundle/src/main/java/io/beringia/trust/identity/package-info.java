/** Names, certificates and verdicts: the words in which every module speaks of identity. JDK only. */
@NullMarked
package io.beringia.trust.identity;

import org.jspecify.annotations.NullMarked;
