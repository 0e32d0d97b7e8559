package io.secateur.quantization;

import io.secateur.conformance.BuiltInContract;

/** Every plugin of this module keeps the rules of its kind. */
class BuiltInPluginsTest implements BuiltInContract {}
