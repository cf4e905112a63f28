using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using DeepTricks.Checkpoints;

namespace DeepTricks.Tests.Checkpoints;

/// <summary>Damages the bytes of a file in a seeded way.</summary>
internal static partial class Mutation
{
    private static readonly byte[] Opcodes = [.. Enum.GetValues<PickleOpcode>().Select(opcode => (byte)opcode)];

    private static readonly long[] Absurd =
        [-1, long.MaxValue, long.MinValue, int.MaxValue, uint.MaxValue, 1L << 40, 1L << 31, 0, 1, ushort.MaxValue, 0x00ff_ffff, 1L << 62];

    private static readonly string[] Traversals = ["../state.safetensors", "/etc/passwd", "..", ".", "a/b", "a\\b", "C:x", "\\u0000", "", "nul", "model.safetensors.index.json"];

    internal static byte[] Damage(byte[] file, Random random)
    {
        var damaged = Once(file, random);
        // Damage seldom comes alone.
        return random.Next(4) == 0 ? Once(damaged, random) : damaged;
    }

    private static byte[] Once(byte[] file, Random random)
    {
        if (file.Length < 2)
            return file;
        var bytes = (byte[])file.Clone();
        var place = random.Next(bytes.Length);
        switch (random.Next(9))
        {
            case 0:
                for (var i = random.Next(1, 9); i > 0; i--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1: return bytes[..place];
            case 2:
                var number = new byte[sizeof(long)];
                BinaryPrimitives.WriteInt64LittleEndian(number, Absurd[random.Next(Absurd.Length)]);
                if (random.Next(2) == 0)
                    Array.Reverse(number);
                number.AsSpan(0, Math.Min(random.Next(2) == 0 ? 4 : 8, bytes.Length - place)).CopyTo(bytes.AsSpan(place));
                return bytes;
            case 3:
                bytes[place] = Opcodes[random.Next(Opcodes.Length)];
                return bytes;
            case 4:
                var (length, other) = (random.Next(1, Math.Min(64, bytes.Length)), random.Next(bytes.Length));
                length = Math.Min(length, bytes.Length - Math.Max(place, other));
                var kept = bytes.AsSpan(place, length).ToArray();
                bytes.AsSpan(other, length).ToArray().CopyTo(bytes, place);
                kept.CopyTo(bytes, other);
                return bytes;
            case 5:
                var end = Math.Min(bytes.Length, place + random.Next(1, 200));
                return random.Next(2) == 0 ? [.. bytes[..place], .. bytes[end..]] : [.. bytes[..end], .. bytes[place..]];
            case 6: return SwapRecords(bytes, random);
            case 7:
                var run = Enumerable.Repeat(Opcodes[random.Next(Opcodes.Length)], random.Next(1, 3000));
                return [.. bytes[..place], .. run, .. bytes[place..]];
            default: return RenameShard(bytes, random);
        }
    }

    private static byte[] SwapRecords(byte[] bytes, Random random)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var records = RecordStart().Split(text);
        if (records.Length < 3)
            return bytes[random.Next(bytes.Length)..];
        var (one, other) = (random.Next(records.Length), random.Next(records.Length));
        (records[one], records[other]) = (records[other], records[one]);
        return Encoding.Latin1.GetBytes(string.Concat(records));
    }

    private static byte[] RenameShard(byte[] bytes, Random random)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var names = Quoted().Matches(text);
        if (names.Count == 0)
            return bytes[..random.Next(bytes.Length)];
        var name = names[random.Next(names.Count)];
        return Encoding.Latin1.GetBytes($"{text[..name.Index]}\"{Traversals[random.Next(Traversals.Length)]}\"{text[(name.Index + name.Length)..]}");
    }

    [GeneratedRegex("(?=PK\u0003\u0004|PK\u0001\u0002|PK\u0005\u0006)")]
    private static partial Regex RecordStart();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();
}
