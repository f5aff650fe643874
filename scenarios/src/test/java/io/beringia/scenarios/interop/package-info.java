/** Our processes against a real ztunnel, which whoever runs the tests supplies. */
@NullMarked
package io.beringia.scenarios.interop;

import org.jspecify.annotations.NullMarked;
