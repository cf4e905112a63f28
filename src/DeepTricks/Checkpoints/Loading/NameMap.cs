using System.Text.RegularExpressions;

namespace DeepTricks.Checkpoints;

/// <summary>
/// Rules from the names in a file to those of a module, applied one after the other. A map does not change; each method gives a longer one.
/// </summary>
/// <example>
/// <code>
/// var names = NameMap.Identity.StripPrefix("module.").Rename(@"^layer(\d)", "stage$1");
/// </code>
/// </example>
public sealed class NameMap
{
    private readonly Func<string, string?>[] _rules;

    private NameMap(Func<string, string?>[] rules) => _rules = rules;

    /// <summary>Names as they are.</summary>
    public static NameMap Identity { get; } = new([]);

    /// <summary>
    /// The names of torchvision's DenseNet files, "denselayer1.norm.1.weight", as they are called in the modules since: "denselayer1.norm1.weight".
    /// The same rule as torchvision's own <c>_load_state_dict</c>.
    /// </summary>
    public static NameMap DenseNet { get; } = Identity.Rename(@"^(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\.(?:weight|bias|running_mean|running_var|num_batches_tracked))$", "$1$2");

    /// <summary>
    /// The names of torchvision's first detection files (fasterrcnn_resnet50_fpn_coco-258fb6c6 and the like) as they are called in the modules
    /// since: the convolutions of the pyramid, the region proposals' head and the masks' head stand in a block of their own.
    /// </summary>
    public static NameMap TorchvisionDetection { get; } = Identity
        .Rename(@"^(.*fpn\.(?:inner|layer)_blocks\.\d+)\.(weight|bias)$", "$1.0.$2")
        .Rename(@"^(.*rpn\.head\.conv)\.(weight|bias)$", "$1.0.0.$2")
        .Rename(@"^(.*roi_heads\.mask_head)\.mask_fcn1\.(weight|bias)$", "$1.0.0.$2")
        .Rename(@"^(.*roi_heads\.mask_head)\.mask_fcn2\.(weight|bias)$", "$1.1.0.$2")
        .Rename(@"^(.*roi_heads\.mask_head)\.mask_fcn3\.(weight|bias)$", "$1.2.0.$2")
        .Rename(@"^(.*roi_heads\.mask_head)\.mask_fcn4\.(weight|bias)$", "$1.3.0.$2");

    /// <summary>Takes a prefix off the names that have it: "module." of DataParallel, "model." of Lightning.</summary>
    /// <param name="prefix">The prefix with its dot.</param>
    public NameMap StripPrefix(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return With(name => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name);
    }

    /// <summary>Puts a prefix before every name.</summary>
    /// <param name="prefix">The prefix with its dot.</param>
    public NameMap AddPrefix(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return With(name => prefix + name);
    }

    /// <summary>Replaces every match of a regular expression.</summary>
    /// <param name="pattern">
    /// The expression, without lookaround and backreferences: it runs in linear time, for the names come from a file that somebody else has made.
    /// </param>
    /// <param name="replacement">What to put there; <c>$1</c> is the first group.</param>
    /// <exception cref="ArgumentException">The expression is none, or needs what is not there.</exception>
    public NameMap Rename(string pattern, string replacement)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        ArgumentNullException.ThrowIfNull(replacement);
        Regex expression;
        try
        {
            expression = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException error)
        {
            throw new ArgumentException($"The expression \"{pattern}\" has lookaround or backreferences; expected one without.", nameof(pattern), error);
        }
        return With(name => expression.Replace(name, replacement));
    }

    /// <summary>Leaves out the names that match, as if the file did not have them.</summary>
    /// <param name="pattern">A name with <c>*</c> for any text: "teacher.*".</param>
    public NameMap Drop(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return With(name => Matches(pattern, name) ? null : name);
    }

    /// <summary>This map, and then another one.</summary>
    /// <param name="next">The other one.</param>
    public NameMap Then(NameMap next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new([.. _rules, .. next._rules]);
    }

    /// <summary>The name in the module, or null where the file's tensor is left out.</summary>
    /// <param name="name">A name in the file.</param>
    public string? Apply(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string? mapped = name;
        foreach (var rule in _rules)
            if (mapped is not null)
                mapped = rule(mapped);
        return mapped;
    }

    internal static bool Matches(string pattern, string name) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    private NameMap With(Func<string, string?> rule) => new([.. _rules, rule]);
}
