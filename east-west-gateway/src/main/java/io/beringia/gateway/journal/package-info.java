/** What a gateway writes down of every connection, in a tamper-evident log. */
@NullMarked
package io.beringia.gateway.journal;

import org.jspecify.annotations.NullMarked;
