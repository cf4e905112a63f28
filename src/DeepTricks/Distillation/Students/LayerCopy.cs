using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Starts a student of fewer layers, or of the same ones, from its teacher: whole layers are copied, by their names.</summary>
public static class LayerCopy
{
    /// <summary>Copies the weights and buffers of layers. Those of the same name and shape are copied, unless a block says where else they come from.</summary>
    /// <param name="teacher">The network to start from.</param>
    /// <param name="student">The network to start.</param>
    /// <param name="blocks">For blocks of the student, by the beginning of their names ("layer1.1"), the block of the teacher; none where null.</param>
    /// <returns>The entries of the student that nothing was copied to, in their order.</returns>
    /// <exception cref="ArgumentException">A block is in neither network, or an entry of a block has another shape.</exception>
    public static IReadOnlyList<string> Copy(nn.Module teacher, nn.Module student, IReadOnlyDictionary<string, string>? blocks = null)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        blocks ??= new Dictionary<string, string>();
        var (from, to) = (teacher.state_dict(), student.state_dict());
        foreach (var (mine, its) in blocks)
        {
            if (!to.Keys.Any(name => IsIn(name, mine)) || !from.Keys.Any(name => IsIn(name, its)))
            {
                throw new ArgumentException($"There is no block '{mine}' in the student, or no block '{its}' in the teacher.", nameof(blocks));
            }
        }

        List<string> left = [];
        List<(Tensor Target, Tensor Source)> copies = [];
        foreach (var (name, target) in to)
        {
            var block = blocks.FirstOrDefault(one => IsIn(name, one.Key));
            var fits = from.TryGetValue(block.Key is null ? name : block.Value + name[block.Key.Length..], out var source) && source.shape.SequenceEqual(target.shape);
            if (fits)
            {
                copies.Add((target, source!));
            }
            else if (block.Key is null)
            {
                left.Add(name);
            }
            else
            {
                throw new ArgumentException($"'{name}' of the student has no counterpart of its shape in '{block.Value}' of the teacher.", nameof(blocks));
            }
        }

        using var ungraded = no_grad();
        foreach (var (target, source) in copies)
        {
            target.copy_(source);
        }

        return left;
    }

    /// <summary>Blocks taken from a teacher's at even distances, the first and the last among them: 2 of 6 are 0 and 5, 3 of 12 are 0, 6 and 11.</summary>
    /// <param name="prefix">What stands before the number of a block: "layer1.".</param>
    /// <param name="student">How many blocks the student has.</param>
    /// <param name="teacher">How many the teacher has, no fewer.</param>
    /// <returns>For each block of the student one of the teacher's, for <see cref="Copy"/>.</returns>
    public static IReadOnlyDictionary<string, string> Evenly(string prefix, int student, int teacher)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(student, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(teacher, student);
        return Enumerable.Range(0, student).ToDictionary(i => $"{prefix}{i}", i => $"{prefix}{(student == 1 ? 0 : (int)Math.Round(i * (teacher - 1.0) / (student - 1), MidpointRounding.AwayFromZero))}");
    }

    private static bool IsIn(string name, string block) => name.StartsWith(block, StringComparison.Ordinal) && (name.Length == block.Length || name[block.Length] == '.');
}
