using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? aten("dropout_", input, p, training) : aten("dropout", input, p, training);

            /// <summary>Drops whole channels of a (N, C, L) tensor.</summary>
            public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => dropout2d(input, p, training, inplace);

            /// <summary>Drops whole channels: the mask has the batch's and the channels' dimension.</summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? aten("feature_dropout_", input, p, training) : aten("feature_dropout", input, p, training);

            public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => dropout2d(input, p, training, inplace);

            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                inplace ? aten("alpha_dropout_", input, p, training) : aten("alpha_dropout", input, p, training);

            public static Tensor feature_alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                inplace ? aten("feature_alpha_dropout_", input, p, training) : aten("feature_alpha_dropout", input, p, training);
        }
    }
}
