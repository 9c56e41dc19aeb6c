
use builtin;
use str;

set edit:completion:arg-completer[gantei] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'gantei'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'gantei'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand predict 'Run models on photographs and folders'
            cand explain 'Write raw saliency maps'
            cand models 'List the models, check what is stored, remove one, or confirm fields of its card'
            cand devices 'Test every engine and device'
            cand runtime 'Manage the ONNX Runtime library'
            cand import 'Import a model into the model library'
            cand check-import 'Find the preprocessing of a model from images with known labels'
            cand verify 'Compare a model with the Keras output for the same input tensor'
            cand study 'Create a study, run it and show how far it is'
            cand draw 'Generate computer-drawn fundus photographs'
            cand completions 'Write completions for a shell, or the manual page, to standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gantei;predict'= {
            cand --model 'Id of a model in the library, or its file, folder or archive; may be repeated'
            cand --saliency 'Saliency map to compute'
            cand --device 'auto, embedded, cpu, cuda, tensorrt, directml, coreml, openvino, webgpu, migraphx or xnnpack'
            cand --eye 'Eye of every given photograph: OD (right) or OS (left)'
            cand --frame 'Frame of a multi-frame DICOM file, from 1'
            cand --persons 'How photographs are grouped by person: none turns grouping off, file-names uses the persons that file names suggest; by default persons come from DICOM files, and file names give only person_guess'
            cand --overlay 'File format of overlays: png-fast takes less time and more space, jpeg loses some colour'
            cand --out 'Output folder for results.csv, results_full.csv, people.csv, results.json and overlays; without it nothing is written'
            cand --accept-any-picture 'Use pictures even if they do not look like fundus photographs'
            cand --mask-names 'Replace file names with numbers everywhere'
            cand --again 'Start over even if a stopped run of the same command could be resumed'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;explain'= {
            cand --tensor 'Network input as Keras takes it: NHWC float32, any batch size'
            cand --model 'Id of a model in the library, or its file, folder or archive'
            cand --method 'grad-cam, score-cam, hires-cam, layer-cam, integrated-gradients, smooth-grad, occlusion or input-gradient'
            cand --layer 'Layer of a class activation map by its Keras name; by default the last feature map'
            cand --target 'Index of the output to explain, from 0, before the last activation'
            cand --steps 'Channels with the highest energy for score-cam (100), steps for integrated-gradients (50), samples for smooth-grad (50) or patches along the longer side of the network''s input for occlusion (16)'
            cand --baseline 'black, blur or mean: baseline input, for score-cam (black), integrated-gradients (black) and occlusion (mean)'
            cand --seed 'Seed of smooth-grad''s noise, and of the sanity checks'' randomised weights and random areas (0)'
            cand --controls 'Run the sanity checks on the map: all, or some of hiding, weights and stability'
            cand --disc 'Centre of the optic disc in pixels of the upright photograph'
            cand --fovea 'Fovea in pixels of the upright photograph'
            cand --random-areas 'Random areas of equal size hidden for comparison with each region'
            cand --fill 'Fill of hidden cells in the sanity checks: blur, mean or black'
            cand --figure 'Also write a figure of every photograph beside its maps, for print: png (300 dpi), svg or pdf'
            cand --figure-width 'Width of the figure in mm, from 40 to 600'
            cand --figure-ground 'Background of the figure: white or black'
            cand --figure-panels 'Panels of the figure: all (photograph and maps), overlays or photograph'
            cand --figure-caption 'Caption of the figure with placeholders, \n between its lines; findings and the research note always follow [default: {name}: {eye}\n{model}: {answer}\n{map}]'
            cand --figure-language 'Language of the figure: en or ja'
            cand --report 'Also write a case report about each photograph as PDF, in English (en) or Japanese (ja)'
            cand --device 'Device, as for predict'
            cand --out 'Output folder for the maps'
            cand --regions 'Contribution by region: the shares of disc, peripapillary ring, macula, arcades, rest and outside, and the answer with each of them hidden; written to the field regions of the JSON'
            cand --accept-any-picture 'Use pictures even if they do not look like fundus photographs'
            cand --mask-names 'Replace file names with numbers everywhere'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gantei;models'= {
            cand --remove 'Remove an imported model from the library'
            cand --confirm 'Confirm fields of an imported model''s card that were assumed and are right'
            cand --fields 'The fields to confirm, such as labels,crop'
            cand --check 'Verify the checksums of every stored model; damaged models that ship with the application are restored'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;devices'= {
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;runtime'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand install 'Install an ONNX Runtime library where the application looks for it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gantei;runtime;install'= {
            cand --accept 'Accept a file whose checksum is not pinned'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;runtime;help'= {
            cand install 'Install an ONNX Runtime library where the application looks for it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gantei;runtime;help;install'= {
        }
        &'gantei;runtime;help;help'= {
        }
        &'gantei;import'= {
            cand --id 'Id of the model in the library'
            cand --card 'Model card or completed draft'
            cand --preset 'joir-efficientnet-b7, joir-mobilenet, joir-age or joir-other'
            cand --member 'Which model, if a folder or archive holds several; repeat it to choose the configuration'
            cand --input-size 'Height and width of the network''s input, if the file leaves them open'
            cand --head 'sigmoid, softmax or linear; for a network that ends in logits, what is to be applied to them'
            cand --output 'Which output, if the network has several'
            cand --architecture 'For weights-only files whose network is not recognised: its name in Keras Applications, such as EfficientNetB7'
            cand --hidden-activation 'For weights-only files: activation of the dense layers before the last, relu or linear'
            cand --imagenet-rescaling 'For weights-only EfficientNet files: whether training started from ImageNet weights, yes or no'
            cand --pooling 'For weights-only files: what follows the last feature map, avg, max or flatten'
            cand --head-norm 'For weights-only files with a batch norm after a hidden dense layer: before-activation or after-activation'
            cand --norm-epsilon 'For weights-only files with a batch norm in the head: its epsilon (Keras: 0.001)'
            cand --scaling 'raw, unit, tf, torch or custom'
            cand --mean 'For custom scaling: three means on the 0–1 scale'
            cand --std 'For custom scaling: three standard deviations on the 0–1 scale'
            cand --colour 'rgb or bgr'
            cand --resize 'pil-nearest, pil-bilinear, pil-bicubic, tf-bilinear or cv2-linear'
            cand --crop 'stretch, pad, square or masked'
            cand --labels 'Labels of output 0 and output 1, or of each class'
            cand --threshold 'Operating threshold on the score, 0–1'
            cand --task 'sex, age or other'
            cand --value-scale 'For a network trained on transformed values: value = A × output + offset, such as 100 for ages in hundreds'
            cand --value-offset 'For a network trained on transformed values: value = scale × output + B'
            cand --value-range 'Lowest and highest value the model was trained on; values outside get a finding'
            cand --draft 'Write the known fields as a draft card and store nothing'
            cand --replace 'Replace the library model that has this id'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;check-import'= {
            cand --labels 'Table of labels (CSV, XLSX, ODS): columns image and sex, age or label; person, if known'
            cand --columns 'Columns of the table, such as image=NAME,person=NAME,sex=NAME (or age, label); #3 is the third column. Several for image if a row describes several photographs'
            cand --values 'Meaning of values in the table, such as 1=male,2=female; VALUE=- leaves its rows out'
            cand --sheet 'Sheet of a workbook'
            cand --rows-per 'What a row is about; persons and eyes are found in file names'
            cand --header-line 'Number of the line with the names of the columns'
            cand --apply 'Write what the labels determine into the card of a model in the library; its setting is kept if it is among the best. With a number, write the setting of that row'
            cand --label-order 'For a setting that flips the order of the labels: keep or swap them in the card'
            cand --out 'Output folder for check.json, check.csv and check-scores.csv; without it nothing is written'
            cand --device 'Device, as for predict'
            cand --ignore-leading-zeros 'Match names of digits without their leading zeros, which spreadsheets drop'
            cand --full 'Run every setting; by default resize kernels are tried for the best few only'
            cand --accept-any-picture 'Use pictures even if they do not look like fundus photographs'
            cand --mask-names 'Replace file names with numbers everywhere, and table rows with their line numbers'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;verify'= {
            cand --input 'Network input as Keras takes it: NHWC float32'
            cand --expected 'Output of Keras for this input'
            cand --tolerance 'Largest allowed absolute error'
            cand --device 'Device, as for predict'
            cand --id 'Id of the model in the library'
            cand --card 'Model card or completed draft'
            cand --preset 'joir-efficientnet-b7, joir-mobilenet, joir-age or joir-other'
            cand --member 'Which model, if a folder or archive holds several; repeat it to choose the configuration'
            cand --input-size 'Height and width of the network''s input, if the file leaves them open'
            cand --head 'sigmoid, softmax or linear; for a network that ends in logits, what is to be applied to them'
            cand --output 'Which output, if the network has several'
            cand --architecture 'For weights-only files whose network is not recognised: its name in Keras Applications, such as EfficientNetB7'
            cand --hidden-activation 'For weights-only files: activation of the dense layers before the last, relu or linear'
            cand --imagenet-rescaling 'For weights-only EfficientNet files: whether training started from ImageNet weights, yes or no'
            cand --pooling 'For weights-only files: what follows the last feature map, avg, max or flatten'
            cand --head-norm 'For weights-only files with a batch norm after a hidden dense layer: before-activation or after-activation'
            cand --norm-epsilon 'For weights-only files with a batch norm in the head: its epsilon (Keras: 0.001)'
            cand --scaling 'raw, unit, tf, torch or custom'
            cand --mean 'For custom scaling: three means on the 0–1 scale'
            cand --std 'For custom scaling: three standard deviations on the 0–1 scale'
            cand --colour 'rgb or bgr'
            cand --resize 'pil-nearest, pil-bilinear, pil-bicubic, tf-bilinear or cv2-linear'
            cand --crop 'stretch, pad, square or masked'
            cand --labels 'Labels of output 0 and output 1, or of each class'
            cand --threshold 'Operating threshold on the score, 0–1'
            cand --task 'sex, age or other'
            cand --value-scale 'For a network trained on transformed values: value = A × output + offset, such as 100 for ages in hundreds'
            cand --value-offset 'For a network trained on transformed values: value = scale × output + B'
            cand --value-range 'Lowest and highest value the model was trained on; values outside get a finding'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;study'= {
            cand -h 'Print help'
            cand --help 'Print help'
            cand new 'Create a study: a folder that refers to photographs and keeps what has been answered'
            cand labels 'Read a table of labels, and keep in the study how it is read'
            cand run 'Run the models of a study on every photograph that has no answer yet'
            cand evaluate 'Compare the answers of a study with its labels: figures with intervals, subgroups, plots'
            cand records 'List photographs whose recorded label a model contradicts, with the photographs most like them'
            cand supplement 'Supply what stands in for labels that are not recorded: calibrated probabilities, and labels drawn several times'
            cand replay 'Make an export of a study again and say what is different'
            cand status 'Show how far a study is; it may be running meanwhile'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gantei;study;new'= {
            cand --model 'Id of a model in the library; may be repeated'
            cand --saliency 'Saliency map to compute'
            cand --eye 'Eye of every photograph: OD (right) or OS (left); none takes it from each photograph'
            cand --frame 'Frame of multi-frame DICOM files, from 1; none takes the first'
            cand --accept-any-picture 'Use pictures even if they do not look like fundus photographs; =no takes it back'
            cand --persons 'How photographs are grouped by person, as for predict; dicom, as without it, by DICOM tags alone'
            cand --file-name-pattern 'Where file names have person and eye, such as {person}_{eye}; * stands for anything, {number} for digits; none for the usual guesses'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;study;labels'= {
            cand --labels 'Table of labels (CSV, XLSX, ODS): columns image and sex, age or label; person, if known'
            cand --columns 'Columns of the table, such as image=NAME,person=NAME,sex=NAME (or age, label); #3 is the third column. Several for image if a row describes several photographs'
            cand --values 'Meaning of values in the table, such as 1=male,2=female; VALUE=- leaves its rows out'
            cand --sheet 'Sheet of a workbook'
            cand --rows-per 'What a row is about; persons and eyes are found in file names'
            cand --header-line 'Number of the line with the names of the columns'
            cand --out 'Output folder for lists of what has no row, no photograph, or cannot be read; without it nothing is written'
            cand --ignore-leading-zeros 'Match names of digits without their leading zeros, which spreadsheets drop'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;study;run'= {
            cand --shard 'Run one part of several, such as 2/8: for processes that run side by side; a run without --shard joins them and writes the tables'
            cand --model 'Id of a model in the library; given once for each, they replace all models of the study'
            cand --saliency 'Saliency map to compute'
            cand --eye 'Eye of every photograph: OD (right) or OS (left); none takes it from each photograph'
            cand --frame 'Frame of multi-frame DICOM files, from 1; none takes the first'
            cand --accept-any-picture 'Use pictures even if they do not look like fundus photographs; =no takes it back'
            cand --persons 'How photographs are grouped by person, as for predict; dicom, as without it, by DICOM tags alone'
            cand --file-name-pattern 'Where file names have person and eye, such as {person}_{eye}; * stands for anything, {number} for digits; none for the usual guesses'
            cand --moved 'Photographs were moved: a path as the study refers to it, and where it is now'
            cand --device 'Device, as for predict'
            cand --overlay 'File format of overlays, as for predict'
            cand --failed-only 'Run only photographs whose last attempt failed'
            cand --again 'Compute everything again; the answers so far are set aside'
            cand --forget-missing 'Leave photographs that are missing out of the study'
            cand --mask-names 'Replace file names with numbers in tables and messages'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;study;evaluate'= {
            cand --by 'Subgroups by a column: eye, quality, applicability, field (what it is centred on), age, or a column of the table that the study keeps; may be repeated'
            cand --prevalence 'Share of positive cases for which predictive values are stated, 0 to 1; that of the cases if not given'
            cand --samples 'Samples of persons for each interval by bootstrap'
            cand --out 'Folder for tables (CSV, XLSX), evaluation.json and plots (PNG, SVG, PDF, points as CSV)'
            cand --language 'Language of the plots'
            cand --mask-names 'Put numbers in place of the names of photographs and persons in the files'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;study;records'= {
            cand --model 'Model with two labels; the first of the study if not given'
            cand --similar 'Similar photographs for each, by what the model saw'
            cand --device 'Device on which features are computed that the runs did not keep'
            cand --out 'Folder for records-to-check.csv and similar-photographs.csv'
            cand --mask-names 'Put numbers in place of the names of photographs and persons'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;study;supplement'= {
            cand --model 'Model with two labels; the first of the study if not given'
            cand --outcome 'Column of the outcome that the label is to be related to; with it missing labels are drawn (multiple imputation)'
            cand --covariate 'Further column of the analysis, for the draws; may be repeated'
            cand --imputations 'Number of imputations'
            cand --seed 'Seed of the draws and of the parts of the calibration'
            cand --out 'Folder for supplement.csv, supplement.json and imputed.mice.csv, imputed.stata.csv, imputed.spss.csv'
            cand --hard-labels 'Also state the label at the operating threshold, with the loss that its use brings'
            cand --mask-names 'Put numbers in place of the names of persons in the files'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;study;replay'= {
            cand --device 'Device to run on'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;study;status'= {
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;study;help'= {
            cand new 'Create a study: a folder that refers to photographs and keeps what has been answered'
            cand labels 'Read a table of labels, and keep in the study how it is read'
            cand run 'Run the models of a study on every photograph that has no answer yet'
            cand evaluate 'Compare the answers of a study with its labels: figures with intervals, subgroups, plots'
            cand records 'List photographs whose recorded label a model contradicts, with the photographs most like them'
            cand supplement 'Supply what stands in for labels that are not recorded: calibrated probabilities, and labels drawn several times'
            cand replay 'Make an export of a study again and say what is different'
            cand status 'Show how far a study is; it may be running meanwhile'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gantei;study;help;new'= {
        }
        &'gantei;study;help;labels'= {
        }
        &'gantei;study;help;run'= {
        }
        &'gantei;study;help;evaluate'= {
        }
        &'gantei;study;help;records'= {
        }
        &'gantei;study;help;supplement'= {
        }
        &'gantei;study;help;replay'= {
        }
        &'gantei;study;help;status'= {
        }
        &'gantei;study;help;help'= {
        }
        &'gantei;draw'= {
            cand --count 'Number of eyes'
            cand --seed 'Seed; the same seed gives the same bytes'
            cand --size 'Side length in pixels, or width and height'
            cand --format 'png or jpg'
            cand --out 'Output folder for images, labels.csv and signs.json'
            cand --json 'Print one JSON document to standard output'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;completions'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gantei;help'= {
            cand predict 'Run models on photographs and folders'
            cand explain 'Write raw saliency maps'
            cand models 'List the models, check what is stored, remove one, or confirm fields of its card'
            cand devices 'Test every engine and device'
            cand runtime 'Manage the ONNX Runtime library'
            cand import 'Import a model into the model library'
            cand check-import 'Find the preprocessing of a model from images with known labels'
            cand verify 'Compare a model with the Keras output for the same input tensor'
            cand study 'Create a study, run it and show how far it is'
            cand draw 'Generate computer-drawn fundus photographs'
            cand completions 'Write completions for a shell, or the manual page, to standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gantei;help;predict'= {
        }
        &'gantei;help;explain'= {
        }
        &'gantei;help;models'= {
        }
        &'gantei;help;devices'= {
        }
        &'gantei;help;runtime'= {
            cand install 'Install an ONNX Runtime library where the application looks for it'
        }
        &'gantei;help;runtime;install'= {
        }
        &'gantei;help;import'= {
        }
        &'gantei;help;check-import'= {
        }
        &'gantei;help;verify'= {
        }
        &'gantei;help;study'= {
            cand new 'Create a study: a folder that refers to photographs and keeps what has been answered'
            cand labels 'Read a table of labels, and keep in the study how it is read'
            cand run 'Run the models of a study on every photograph that has no answer yet'
            cand evaluate 'Compare the answers of a study with its labels: figures with intervals, subgroups, plots'
            cand records 'List photographs whose recorded label a model contradicts, with the photographs most like them'
            cand supplement 'Supply what stands in for labels that are not recorded: calibrated probabilities, and labels drawn several times'
            cand replay 'Make an export of a study again and say what is different'
            cand status 'Show how far a study is; it may be running meanwhile'
        }
        &'gantei;help;study;new'= {
        }
        &'gantei;help;study;labels'= {
        }
        &'gantei;help;study;run'= {
        }
        &'gantei;help;study;evaluate'= {
        }
        &'gantei;help;study;records'= {
        }
        &'gantei;help;study;supplement'= {
        }
        &'gantei;help;study;replay'= {
        }
        &'gantei;help;study;status'= {
        }
        &'gantei;help;draw'= {
        }
        &'gantei;help;completions'= {
        }
        &'gantei;help;help'= {
        }
    ]
    $completions[$command]
}
