import type { Context, TenantEvent, TenantId } from "@lethe/core";
import type { Services } from "../services.ts";
import { type Connection, closeConnection } from "./connection.ts";
import { closeCodes } from "./live-limits.ts";
import { Room } from "./room.ts";

type Tenant = { rooms: Map<string, Room>; unsubscribe: () => void };

/** A place in a room: taken before the handshake is answered, given back exactly once. */
export type Membership = {
  /** From now on the peer is told of everything that happens. */
  join: (connection: Connection) => void;
  leave: () => void;
};

export type Rooms = {
  /** Takes a place in the room of a chat. Rejects with NOT_FOUND when it is gone, CONFLICT when it is in the trash. */
  enter: (context: Context, chatId: string) => Promise<Membership>;
};

/** The rooms of all chats that have peers here. One subscription serves all rooms of a tenant. */
export function createRooms({ feed, log }: Services): Rooms {
  const tenants = new Map<TenantId, Tenant>();

  function tenantOf(tenantId: TenantId): Tenant {
    const known = tenants.get(tenantId);
    if (known) return known;
    const rooms = new Map<string, Room>();
    const unsubscribe = feed.subscribe(
      tenantId,
      (event: TenantEvent) => "chatId" in event && rooms.get(event.chatId)?.take(event),
      {
        onGap: () => {
          for (const room of rooms.values())
            room.sendAway("Events were missed: reconnect and read the chat anew");
        },
      },
    );
    const tenant = { rooms, unsubscribe };
    tenants.set(tenantId, tenant);
    return tenant;
  }

  function roomOf(context: Context, chatId: string): Room {
    const { rooms } = tenantOf(context.tenantId);
    const known = rooms.get(chatId);
    if (known) return known;
    const room = new Room(context, chatId, (error) =>
      log.error({ err: error }, "Messages could not be delivered"),
    );
    rooms.set(chatId, room);
    return room;
  }

  function giveBack(tenantId: TenantId, chatId: string, room: Room) {
    room.holders -= 1;
    if (room.holders > 0) return;
    const tenant = tenants.get(tenantId);
    tenant?.rooms.delete(chatId);
    if (tenant?.rooms.size !== 0) return;
    tenant.unsubscribe();
    tenants.delete(tenantId);
  }

  return {
    enter: async (context, chatId) => {
      const room = roomOf(context, chatId);
      room.holders += 1;
      let closings = 0;
      try {
        await room.opened;
        closings = room.closings;
        // Whoever missed the telling finds no chat, or finds it in the trash.
        if (room.closed) await room.look();
      } catch (error) {
        giveBack(context.tenantId, chatId, room);
        throw error;
      }
      let joined: Connection | null = null;
      return {
        join: (connection) => {
          joined = connection;
          room.connections.add(connection);
          if (room.closings !== closings)
            closeConnection(
              connection,
              closeCodes.tryAgainLater,
              "The chat was closed meanwhile: connect again",
            );
        },
        leave: () => {
          if (joined) room.connections.delete(joined);
          giveBack(context.tenantId, chatId, room);
        },
      };
    },
  };
}
