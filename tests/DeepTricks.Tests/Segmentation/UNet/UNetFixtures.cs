using DeepTricks.Segmentation;
using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Segmentation;

/// <summary>The networks that tests/fixtures/segmentation/make_unet.py knows, by the names of the originals' classes.</summary>
internal static class UNetFixtures
{
    /// <summary>The channels of the small networks.</summary>
    internal static readonly long[] Small = [4, 8, 16, 32, 64];

    // As the script has it.
    private const double Gain = 2.4;

    /// <summary>The network of a case such as <c>UNet_3Plus_DeepSup-32x64</c>, as its class is by default but for what the case says.</summary>
    internal static UNetNetwork Make(string name, IReadOnlyList<long>? filters = null, bool probabilities = true, Device? device = null)
    {
        var at = name.IndexOf('-', StringComparison.Ordinal);
        var (architecture, kind) = at < 0 ? (name, "") : (name[..at], name[(at + 1)..]);
        UNetNetworkOptions options = architecture switch
        {
            "UNet" => UNetOptions.Original,
            "UNet_2Plus" => UNetPlusPlusOptions.Original with { DeepSupervision = kind != "last", NumClasses = kind == "last" ? 2 : 1 },
            "UNet_3Plus" => UNetThreePlusOptions.Original,
            "UNet_3Plus_DeepSup" when kind is "" or "full" => UNetThreePlusOptions.OriginalDeepSupervision,
            "UNet_3Plus_DeepSup" => UNetThreePlusOptions.OriginalDeepSupervision with { NumClasses = 3, InputChannels = 1 },
            "UNet_3Plus_DeepSup_CGM" => UNetThreePlusOptions.OriginalGuided with { NumClasses = kind.Length == 0 ? 1 : 2 },
            "NestedUNet" when kind.StartsWith("deep-", StringComparison.Ordinal) => UNetPlusPlusOptions.NestedUNet with { DeepSupervision = true, NumClasses = 2 },
            "NestedUNet" => UNetPlusPlusOptions.NestedUNet with { DeepSupervision = kind == "deep" },
            _ => throw new ArgumentException($"No network is called {architecture}.", nameof(name)),
        };
        options = options with
        {
            Filters = filters ?? options.Filters,
            BatchNorm = kind != "plain",
            Device = device,
            Probabilities = probabilities && options.Probabilities,
        };
        return options switch
        {
            UNetOptions one => new UNet(one),
            UNetPlusPlusOptions two => new UNetPlusPlus(two),
            UNetThreePlusOptions three => new UNetThreePlus(three),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>The script's weights.</summary>
    internal static UNetNetwork Fill(UNetNetwork model, double presence = 0)
    {
        Golden.Fill(model);
        using var ungraded = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.dim() == 4) parameter.mul_(Gain);
            if (name == "cls.1.bias") parameter[1].add_(presence);
        }

        return model;
    }
}
