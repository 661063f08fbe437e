-- functions: 1c8bd174653bee083c8d407df43acb58aeda0342db0f14f928c796b692ae405b

-- Only the functions: what else must be true of a chat, and gateways of connections, lead to no index but that of the key.
