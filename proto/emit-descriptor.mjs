// Writes the descriptor: what each message is made of, as JSON text that message-codec.ts (its `Descriptor`) reads when it meets the message. Flat, with
// full names, so that nothing has to be resolved at run time; without what only people read.

const SCALARS = new Set(['bool', 'int32', 'uint32', 'int64', 'float', 'double', 'string', 'bytes']);

/**
 * @param root a resolved protobufjs Root
 * @param protobuf the protobufjs module `root` is of
 * @returns {string}
 */
export function emitDescriptor(root, protobuf) {
  const descriptor = { messages: {}, enums: {}, services: {} };

  const add = (object) => {
    const name = nameOf(object);
    if (object instanceof protobuf.Enum) descriptor.enums[name] = object.values;
    else if (object instanceof protobuf.Type) descriptor.messages[name] = object.fieldsArray.map(fieldOf);
    else if (object instanceof protobuf.Service) descriptor.services[name] = object.methodsArray.map(methodOf);
    for (const nested of object.nestedArray ?? []) add(nested);
  };

  const fieldOf = (field) => {
    if (field.map && field.keyType !== 'string') throw new Error(`${field.fullName}: only names can be keys`);
    if (field.resolvedType === null && !SCALARS.has(field.type))
      throw new Error(`${field.fullName}: type ${field.type} is not known`);
    const isEnum = field.resolvedType instanceof protobuf.Enum;
    const kind = field.resolvedType === null ? field.type : isEnum ? 'enum' : 'message';
    return [
      field.name,
      field.id,
      field.map ? 'map' : field.repeated ? 'list' : 'one',
      kind,
      field.resolvedType === null ? '' : nameOf(field.resolvedType),
      field.partOf?.name ?? '',
    ];
  };

  const methodOf = (method) => [
    method.name,
    nameOf(method.resolvedRequestType),
    nameOf(method.resolvedResponseType),
    method.requestStream === true,
    method.responseStream === true,
  ];

  add(root);
  return JSON.stringify(descriptor);
}

function nameOf(object) {
  return object.fullName.replace(/^\./, '');
}
