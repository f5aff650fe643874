/** Trust domains that know one another's roots and never share them: bundle documents, who serves and who fetches them. */
@NullMarked
package io.beringia.trust.federation;

import org.jspecify.annotations.NullMarked;
