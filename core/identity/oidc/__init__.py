"""Sign in with TimeBack: an OpenID Connect provider on Authlib's framework-agnostic server."""
