/** What trust costs: certificates issued and judged, and what is recorded of that, beside what the JDK does of the same. */
@NullMarked
package io.beringia.trust.bench;

import org.jspecify.annotations.NullMarked;
